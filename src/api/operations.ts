/** What a route is called in the OpenAPI document: a stable id for generated clients, and one line for people. */
interface Operation {
  readonly id: string;
  readonly summary: string;
}

const operation = (id: string, summary: string): Operation => ({ id, summary });
const ONE = '/v1/projects/{project}';

/** The table of contents of the API; a test compares it with the routes that there are. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /v1/health': operation('getHealth', 'Whether this process is alive'),
  'GET /metrics': operation('getMetrics', 'Figures of all projects for Prometheus'),
  'GET /v1/ready': operation('getReadiness', 'Whether PostgreSQL and Temporal answer, each apart'),

  'POST /v1/projects': operation('createProject', 'Look at both stores and make a project of them'),
  'GET /v1/projects': operation('listProjects', 'All projects, oldest first, page by page'),
  [`GET ${ONE}`]: operation('getProject', 'One project'),
  [`DELETE ${ONE}`]: operation('deleteProject', 'Delete a project; its name is never given away again'),
  [`PUT ${ONE}/connections/source`]: operation('putSourceConnection', 'New credentials for the same source store'),
  [`PUT ${ONE}/connections/target`]: operation('putTargetConnection', 'New credentials for the same target store'),
  [`GET ${ONE}/options`]: operation('getOptions', 'What the project may take and when it stops'),
  [`PATCH ${ONE}/options`]: operation('changeOptions', 'Change some of the options'),
  [`PUT ${ONE}/backup`]: operation('confirmBackup', 'Say who made a backup of the target, and when'),
  [`GET ${ONE}/id-map`]: operation('exportIdMap', 'Which record of the source is which of the target, page by page'),

  [`GET ${ONE}/mapping`]: operation('getMapping', 'The mapping in force'),
  [`PUT ${ONE}/mapping`]: operation('putMapping', 'Change the mapping; it counts from the next run on'),
  [`GET ${ONE}/mapping/versions`]: operation(
    'listMappingVersions',
    'Every mapping that was in force, newest first, page by page',
  ),
  [`GET ${ONE}/mapping/diff`]: operation('diffMappings', 'What changed between two versions of the mapping'),

  [`GET ${ONE}/assessment`]: operation('getAssessment', 'What the latest look at both stores found'),
  [`POST ${ONE}/assessment`]: operation('assessStores', 'Look at both stores now'),
  [`POST ${ONE}/estimate`]: operation('estimateRun', 'What a run would take in entity points'),
  [`GET ${ONE}/forecast`]: operation('forecastRuns', 'What the next recent runs will take'),
  [`POST ${ONE}/check`]: operation('checkStores', 'Whether both stores take their credentials now'),

  [`POST ${ONE}/runs`]: operation('startRun', 'Start a run'),
  [`GET ${ONE}/runs`]: operation('listRuns', 'Runs of a project, newest first, page by page'),
  [`GET ${ONE}/runs/{run}`]: operation('getRun', 'One run'),
  [`GET ${ONE}/runs/{run}/account`]: operation(
    'getAccount',
    'What became of each distinct record that a recent run saw',
  ),
  [`GET ${ONE}/runs/{run}/passes`]: operation('listPasses', 'Passes of a run with their notes, page by page'),
  [`GET ${ONE}/runs/{run}/slices`]: operation('listSlices', 'Slices of a run, page by page'),
  [`POST ${ONE}/runs/{run}/slices/{slice}/compare`]: operation(
    'compareSlice',
    'Compare a slice with what was meant, now',
  ),
  [`POST ${ONE}/runs/{run}/slices/{slice}/rerun`]: operation('rerunSlice', 'Run the records of a slice again alone'),
  [`POST ${ONE}/rate`]: operation('setRate', 'Work the stores harder or softer from now on'),
  [`POST ${ONE}/pause`]: operation('pauseProject', 'Stop writing within the batch at hand'),
  [`POST ${ONE}/resume`]: operation('resumeProject', 'Go on after a pause'),
  [`POST ${ONE}/finish`]: operation('finishSync', 'End a continuous sync when what is there has been brought over'),
  [`POST ${ONE}/cancel`]: operation('cancelRun', 'End the active run for good'),
  [`POST ${ONE}/approve`]: operation('approveGate', 'Pass an open gate'),
  [`GET ${ONE}/gates`]: operation('listGates', 'Gates with their evidence, the newest run first, page by page'),

  [`POST ${ONE}/gates/{gate}/tokens`]: operation(
    'makeGateToken',
    'A one-time word for an approval that is not given here',
  ),

  [`GET ${ONE}/schedules`]: operation('listSchedules', 'When recent runs start by themselves, page by page'),
  [`GET ${ONE}/schedules/{schedule}`]: operation('getSchedule', 'One schedule with its next firings'),
  [`PUT ${ONE}/schedules/{schedule}`]: operation('putSchedule', 'Make a schedule, or give it another form'),
  [`DELETE ${ONE}/schedules/{schedule}`]: operation('deleteSchedule', 'Take a schedule away; its run goes on'),
  [`POST ${ONE}/schedules/{schedule}/trigger`]: operation('triggerSchedule', 'Let a schedule fire now'),
  [`POST ${ONE}/schedules/{schedule}/pause`]: operation('pauseSchedule', 'Let a schedule fire no more'),
  [`POST ${ONE}/schedules/{schedule}/resume`]: operation('resumeSchedule', 'Let a paused schedule fire again'),

  [`GET ${ONE}/status`]: operation('getStatus', 'Where a project and its latest run stand'),
  [`GET ${ONE}/alerts`]: operation('listAlerts', 'What the project tells of by itself, newest first, page by page'),
  [`GET ${ONE}/alerts/target`]: operation('getAlertTarget', 'Where alerts are sent, and what did not arrive'),
  [`PUT ${ONE}/alerts/target`]: operation('putAlertTarget', 'Send alerts there, signed'),
  [`DELETE ${ONE}/alerts/target`]: operation('removeAlertTarget', 'Send alerts nowhere any more'),
  [`GET ${ONE}/failures`]: operation('listFailures', 'What retrying will not cure, page by page'),
  [`POST ${ONE}/failures/retry`]: operation('retryFailures', 'Try failures again, one or all'),
  [`GET ${ONE}/conflicts`]: operation('listConflicts', 'What waits for a decision, field by field, page by page'),
  [`GET ${ONE}/conflicts/{id}`]: operation('getConflict', 'One conflict, field by field'),
  [`POST ${ONE}/conflicts/{id}/resolve`]: operation('resolveConflict', 'Decide one conflict as it was shown'),
  [`POST ${ONE}/resolve`]: operation('resolveConflicts', 'Decide all conflicts of a kind'),
  [`GET ${ONE}/announcements`]: operation('listAnnouncements', 'Announced manual changes in force, page by page'),
  [`POST ${ONE}/announcements`]: operation('announce', 'Tell of changes by hand: their fields belong to the target'),
  [`DELETE ${ONE}/announcements/{id}`]: operation('withdrawAnnouncement', 'Take an announcement back'),
  [`GET ${ONE}/decisions`]: operation('listDecisions', 'Who decided what, newest first, page by page'),
  [`GET ${ONE}/metrics`]: operation('listMetricSamples', 'How a project went over time, newest first, page by page'),
  [`GET ${ONE}/adjustments`]: operation(
    'listAdjustments',
    'What was changed on purpose, by key; the records of one page by page',
  ),
  [`GET ${ONE}/reports`]: operation(
    'listReports',
    'What could not be carried, by key; the records of one page by page',
  ),

  [`POST ${ONE}/capture`]: operation('capture', 'Read these records, or an entity as a whole, again'),
  [`GET ${ONE}/hooks`]: operation('listHooks', 'Our webhooks at the source, with their last deliveries'),
  [`POST ${ONE}/hooks`]: operation('registerHooks', 'Make the source tell of changes'),
  [`DELETE ${ONE}/hooks`]: operation('removeHooks', 'Take our webhooks away from the source'),
  'POST /v1/hooks/{project}/{platform}': operation('deliverHook', 'Where the source delivers its webhooks'),
  [`GET ${ONE}/records/{entity}/{sourceId}`]: operation('getRecord', "One record's ids, parts and history"),
};
