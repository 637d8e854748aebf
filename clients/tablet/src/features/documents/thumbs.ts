/** Where the small pictures of pages are. */
export function thumbnail(version: string, page: number): string {
  return `/api/v1/versions/${version}/pages/${page}/thumbnail`;
}
