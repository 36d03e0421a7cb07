/** Sends a request to the runtime. The editor only sends its access token to relative addresses. */
export async function ask<T>(question: 'read' | 'write', about: object): Promise<T> {
  const options = { method: 'POST', contentType: 'application/json', data: JSON.stringify(about) };
  return new Promise((resolve, reject) => {
    $.ajax({ url: `fp/yaml/${question}`, ...options })
      .done((answer: T) => resolve(answer))
      .fail((reply) => {
        const { error } = Object(reply.responseJSON) as { error?: string };
        reject(new Error(error ?? reply.statusText));
      });
  });
}
