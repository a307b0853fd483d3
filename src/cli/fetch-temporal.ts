/**
 * Lets the SDK fetch its dev server into `folder`; the process of its own that the launcher can kill. The package is
 * loaded late: an installation without development packages has none, and then this way is simply not open.
 */
export async function fetchTemporal(folder: string): Promise<void> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const executable = { type: 'cached-download', downloadDir: folder } as const;
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();
}
