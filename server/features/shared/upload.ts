declare module '../../runtime/types.ts' {
  /** A file to be sent, in place of its address: `send({ type: 'image', mediaUrl: upload(…) })`. */
  export interface Upload {
    name: string;
    mediaType: string;
    /** Uploads it, unless that was done, and returns where it is. @throws RemoteError, RangeError */
    url: () => Promise<string>;
    /** An earlier attempt has uploaded it. */
    isAt: (url: string) => void;
  }
}
