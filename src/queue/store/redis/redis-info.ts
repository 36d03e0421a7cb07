/** Information about a Redis or compatible server. */
interface ServerInfo {
  /** For instance `Redis 7.0.15` or `Valkey 8.1.0`. */
  version: string;
  /** There are no warnings. */
  isPlain: boolean;
}

/** For a `catch`: returns undefined if the user of this connection lacks the permission; rethrows other errors. */
export function undefinedIfDenied(error: unknown): undefined {
  if (error instanceof Error && error.message.startsWith('NOPERM')) return undefined;
  throw error;
}

/** Reads the server's version and warns of settings that lose jobs; does without where the user may not ask. */
export async function readServerInfo(
  client: { info(): Promise<string> },
  warn: (text: string) => void,
): Promise<ServerInfo> {
  const text = await client.info().catch(undefinedIfDenied);
  if (text === undefined) return { version: 'Redis (version unknown)', isPlain: false };
  const info = fields(text);
  const warnings = [evictionWarning(info), ageWarning(info)].filter((warning) => warning !== undefined);
  for (const warning of warnings) warn(warning);
  return { version: versionOf(info), isPlain: warnings.length === 0 };
}

type Info = Map<string, string>;

function fields(text: string): Info {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function versionOf(info: Info): string {
  const valkey = info.get('valkey_version');
  return valkey === undefined
    ? `Redis ${info.get('redis_version') ?? '(version unknown)'}`
    : `Valkey ${valkey}`;
}

function evictionWarning(info: Info): string | undefined {
  const policy = info.get('maxmemory_policy');
  if (policy === undefined || policy === 'noeviction') return undefined;
  return `Redis may lose jobs when its memory is full: its maxmemory-policy is ${policy}, set it to noeviction`;
}

function ageWarning(info: Info): string | undefined {
  const [major = 0, minor = 0] = (info.get('redis_version') ?? '').split('.').map(Number);
  if (info.has('valkey_version') || major > 6 || (major === 6 && minor >= 2)) return undefined;
  return `${versionOf(info)} is old: use 6.2 or newer`;
}
