import type { SourceProfile, SourceSurvey } from '../../connectors/source.ts';
import type { Target, TargetProfile, TargetSurvey } from '../../connectors/target.ts';
import type { AssessmentCheck, Severity, Tally } from '../../domain/assessment.ts';
import type { Mapping } from '../../domain/mapping.ts';
import type { MovedEntity } from '../../domain/record.ts';

/** What two stores and a project say of themselves before the first write. */
export interface AssessmentFacts {
  readonly source: SourceProfile;
  readonly target: TargetProfile;
  readonly shop: SourceSurvey;
  readonly store: TargetSurvey;
  readonly mapping: Mapping;
  readonly understands: Target['understands'];
  readonly entities: readonly MovedEntity[];
  /** What writing all of it may take, by the batches of the target's API. */
  readonly requests: number;
}

export function check(
  key: string,
  severity: Severity,
  { count, samples }: Tally,
  message: string,
  remedy: string,
): AssessmentCheck {
  return { key, severity, count, samples, message, remedy };
}
