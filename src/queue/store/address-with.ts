/** An address with user and password put in, where they are given. */
export function addressWith(
  url: string,
  { username, password }: { username?: string; password?: string },
): string {
  const address = new URL(url);
  // The setters leave a percent sign as it is, and readers would take it for an escape.
  if (username) address.username = encodeURIComponent(username);
  if (password) address.password = encodeURIComponent(password);
  return address.href;
}
