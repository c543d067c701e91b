export const ENDING_REFUSED = 'File rejected. File extension not allowed';

/** Of the files that Zendesk takes, whoever sends them (docs.smooch.io, "File Validation"). */
const TAKEN_ENDINGS = new Set(
  (
    '3g2 3gp 7z aac amr avi bmp csv doc docx eml gif heic heif ics jfif jpeg jpg key log m4a m4v mov mp3 mp4 mp4a ' +
    'mpeg mpg mpga neon numbers odt oga ogg ogv opus pages pdf png pps ppsx ppt pptx qt svg tif tiff txt vcf wav ' +
    'webm webp wmv xls xlsx xml yaml yml zip'
  ).split(' '),
);

/** A name that has none passes: what Zendesk makes of it is not written anywhere. */
export function hasTakenEnding(name: string): boolean {
  const [, ending] = /\.([^.]*)$/.exec(name) ?? [];
  return ending === undefined || TAKEN_ENDINGS.has(ending.toLowerCase());
}
