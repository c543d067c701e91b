/** The path of the page in the real Admin Center. */
export const ADMIN_PATH = 'admin/ai/ai-agents/ai-agents/marketplace-bots';
