/** Adds user and password, if given, to an address. */
export function addressWith(
  url: string,
  { username, password }: { username?: string; password?: string },
): string {
  const address = new URL(url);
  // The setters don't escape percent signs, and parsers would read them as escapes.
  if (username) address.username = encodeURIComponent(username);
  if (password) address.password = encodeURIComponent(password);
  return address.href;
}
