/** Requests to the runtime. The editor only sends its access token to relative addresses. */
import type {
  ActionView,
  GroupsView,
  HistoryRange,
  HistoryView,
  JobView,
  LookView,
  MessageView,
  PageView,
} from '../../fp-jobs/answers.ts';

export const server = {
  look: (queues: string[]) => request<LookView>('fp/jobs/look', asJson({ queues })),
  groups: (queue: string) => request<GroupsView>(`${pathOf(queue)}/groups`),
  history: (queue: string, range: HistoryRange) =>
    request<HistoryView>(`${pathOf(queue)}/history`, { data: { range } }),
  list: (queue: string, data: ListData) => request<PageView>(`${pathOf(queue)}/list`, { data }),
  job: (queue: string, id: string) => request<JobView>(`${pathOf(queue)}/job`, { data: { id } }),
  message: (queue: string, id: string) => request<MessageView>(`${pathOf(queue)}/message`, { data: { id } }),
  act: (queue: string, action: string, selection: object = {}) =>
    request<ActionView>(`${pathOf(queue)}/${action}`, asJson(selection)),
};

/** Selects a page of a list. */
interface ListData {
  state: string;
  order: 'newest' | 'oldest';
  group?: string;
  search?: string;
  cursor?: string;
}

function pathOf(queue: string): string {
  return `fp/jobs/${encodeURIComponent(queue)}`;
}

function asJson(body: object): JQuery.AjaxSettings {
  return { method: 'POST', contentType: 'application/json', data: JSON.stringify(body) };
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
