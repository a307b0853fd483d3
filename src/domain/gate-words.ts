/** Why a person must look while a gate is open: the ledger and the project's workflow say it alike. */
export function waitsForApproval(gate: string): string {
  return `gate ${gate} waits for approval`;
}
