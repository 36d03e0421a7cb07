import type { Section } from './config.ts';

/** Takes user and password out of an address: they have keys of their own, which count more. */
export function withoutLogin(queue: Section): Section {
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
    username: queue['username'] ?? (username || null),
    password: queue['password'] ?? (password || null),
  };
}

/** A stray % is taken as it stands. */
function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
