/** Requests to the runtime. The editor only sends its access token to relative addresses. */
import type { ActionView, JobView, PageView, QueueEntry, QueueView } from '../../fp-jobs/answers.ts';

export const server = {
  queues: () => request<{ queues: QueueEntry[] }>('fp/jobs'),
  state: (queue: string) => request<QueueView>(`${pathOf(queue)}/state`),
  list: (queue: string, data: { state: string; cursor?: string }) =>
    request<PageView>(`${pathOf(queue)}/list`, { data }),
  job: (queue: string, id: string) => request<JobView>(`${pathOf(queue)}/job`, { data: { id } }),
  act: (queue: string, action: string, selection: object = {}) =>
    request<ActionView>(`${pathOf(queue)}/${action}`, {
      method: 'POST',
      contentType: 'application/json',
      data: JSON.stringify(selection),
    }),
};

function pathOf(queue: string): string {
  return `fp/jobs/${encodeURIComponent(queue)}`;
}

function request<T>(url: string, options: JQuery.AjaxSettings = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    $.ajax({ url, ...options })
      .done((answer: T) => resolve(answer))
      .fail((reply) => {
        const { error } = Object(reply.responseJSON) as { error?: string };
        reject(new Error(error ?? (reply.statusText || 'no answer')));
      });
  });
}
