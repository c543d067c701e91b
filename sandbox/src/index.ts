/** What the package offers: a stand-in to start, alone or with a world for each visitor, and its types. */
export { startPublicDemo } from './demo/start-public-demo.ts';
export type { PublicDemo, PublicDemoOptions } from './demo/start-public-demo.ts';
export type { FaultInput } from './faults/fault.ts';
export type { Guide, Stage } from './stage.ts';
export type { RecordedCall } from './operations.ts';
export { services } from './services.ts';
export type { Service } from './services/service.ts';
export { startSandbox } from './start-sandbox.ts';
export type { Sandbox, SandboxOptions } from './start-sandbox.ts';
export type { ZendeskOperation } from './zendesk/operation-names.ts';
