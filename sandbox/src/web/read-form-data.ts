/**
 * The fields and files of a form that was sent as multipart/form-data, read whole with `express.raw`.
 * Undefined: it is none. A file without a name, as some clients send it, is called `file`: without one
 * it would be read as text and be damaged.
 */
export async function readFormData(
  body: unknown,
  contentType: string | undefined,
): Promise<FormData | undefined> {
  if (!Buffer.isBuffer(body) || contentType === undefined) return undefined;
  const named = body
    .toString('latin1')
    .replaceAll(
      /(\r\ncontent-disposition: *form-data; *name="[^"\r\n]*")(?=\r\ncontent-type:)/gi,
      '$1; filename="file"',
    );
  try {
    const headers = { 'Content-Type': contentType };
    return await new Response(Buffer.from(named, 'latin1'), { headers }).formData();
  } catch {
    return undefined;
  }
}
