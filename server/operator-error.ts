/** Something only the operator can put right; the message says how, so no stack is shown with it. */
export class OperatorError extends Error {}
