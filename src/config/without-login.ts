type Fields = Record<string, unknown>;

/** Moves user and password from the address to their own keys, which take precedence. */
export function withoutLogin(queue: Fields): Fields {
  const { redis_url } = queue;
  if (typeof redis_url !== 'string' || !URL.canParse(redis_url)) return queue;
  const url = new URL(redis_url);
  if (!url.username && !url.password) return queue;
  const [username, password] = [unescaped(url.username), unescaped(url.password)];
  url.username = '';
  url.password = '';
  return {
    ...queue,
    redis_url: url.href,
    username: queue['username'] || username,
    password: queue['password'] || password,
  };
}

/** Decodes a part of a URL; returns it unchanged if it has an invalid escape. */
function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
