import { Session } from 'node:inspector';

/** Calls of one function since they were last read. */
export interface FunctionCalls {
  /** Path of the file, or `node:…`. */
  readonly file: string;
  readonly name: string;
  /** Where the function begins, in characters. */
  readonly offset: number;
  readonly calls: number;
}

interface Coverage {
  readonly result: ReadonlyArray<{
    readonly url: string;
    readonly functions: ReadonlyArray<{
      readonly functionName: string;
      readonly ranges: ReadonlyArray<{ readonly startOffset: number; readonly count: number }>;
    }>;
  }>;
}

/** Counts each call of each JavaScript function of this process, with the exact counters that V8 has for coverage. */
export class CallCounter {
  private readonly session = new Session();

  async start(): Promise<void> {
    this.session.connect();
    await this.post('Profiler.enable');
    await this.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await this.take();
  }

  /** The functions that were called since the last time. */
  async take(): Promise<FunctionCalls[]> {
    const { result } = (await this.post('Profiler.takePreciseCoverage')) as Coverage;
    return result.flatMap(({ url, functions }) => {
      const file = url.replace(/^file:\/\//, '');
      return functions.flatMap(({ functionName: name, ranges: [range] }) =>
        range === undefined || range.count === 0 ? [] : [{ file, name, offset: range.startOffset, calls: range.count }],
      );
    });
  }

  private post(method: string, parameters?: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.session.post(method, parameters, (error, result) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  }
}
