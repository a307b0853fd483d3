import { nextFirings } from '../../src/domain/firings.ts';
import type { ScheduleForm } from '../../src/domain/schedule.ts';
import type { Schedules, ScheduleStanding } from '../../src/temporal/schedules.ts';

interface Kept {
  readonly form: ScheduleForm;
  readonly paused: boolean;
  readonly note: string | null;
  readonly fired: number;
}

/** What Temporal does with schedules, as far as the API can tell. */
export class SchedulesInMemory implements Pick<Schedules, keyof Schedules> {
  readonly kept = new Map<string, Kept>();
  /** What the next requests fail with. */
  problem: Error | null = null;

  async set(project: string, name: string, form: ScheduleForm): Promise<void> {
    this.answers();
    const { paused = false, note = null, fired = 0 } = this.kept.get(`${project}/${name}`) ?? {};
    this.kept.set(`${project}/${name}`, { form, paused, note, fired });
  }
  async look(project: string, name: string): Promise<ScheduleStanding | null> {
    this.answers();
    const kept = this.kept.get(`${project}/${name}`);
    if (kept === undefined) return null;
    const { form, paused, note, fired } = kept;
    const next = nextFirings(form, Date.now(), 10).map((at) => new Date(at));
    return { paused, note, next, fired, overlapped: 0, missed: 0 };
  }
  async pause(project: string, name: string, note: string): Promise<void> {
    this.change(project, name, { paused: true, note });
  }
  async resume(project: string, name: string, note: string): Promise<void> {
    this.change(project, name, { paused: false, note });
  }
  async trigger(project: string, name: string): Promise<void> {
    this.change(project, name, { fired: (this.kept.get(`${project}/${name}`)?.fired ?? 0) + 1 });
  }
  async remove(project: string, name: string): Promise<void> {
    this.answers();
    this.kept.delete(`${project}/${name}`);
  }

  private change(project: string, name: string, changes: Partial<Kept>): void {
    this.answers();
    const kept = this.kept.get(`${project}/${name}`);
    if (kept === undefined) throw new Error(`no schedule ${name}`);
    this.kept.set(`${project}/${name}`, { ...kept, ...changes });
  }

  private answers(): void {
    if (this.problem !== null) throw this.problem;
  }
}
