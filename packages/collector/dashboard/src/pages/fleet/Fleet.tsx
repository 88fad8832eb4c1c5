import type { JSX } from 'preact';
import { useAnswer, valueOf } from '../../state/answer';
import { question } from '../../state/window';
import { Estimates } from '../../ui/Estimates';
import { Adoption } from './Adoption';
import { Groups } from './Groups';
import { Pairs } from './Pairs';
import { ServicesCard } from './ServicesCard';

/** Who makes the load, and who must upgrade? */
export function Fleet(): JSX.Element {
  const answer = useAnswer('fleet', question.value);
  return (
    <div class="grid">
      <Estimates of={valueOf(answer)?.sampled} />
      <ServicesCard answer={answer} />
      <Pairs answer={answer} />
      <Adoption answer={answer} />
      <Groups
        title="Drivers"
        name="Driver"
        filter="driver"
        span="s7"
        versions
        answer={answer}
        groups={(fleet) => fleet.drivers}
      />
      <Groups
        title="Warehouses"
        name="Warehouse"
        filter="warehouse"
        span="s5"
        answer={answer}
        groups={(fleet) => fleet.warehouses}
      />
      <Groups title="Hosts" name="Host" filter="host" span="s7" answer={answer} groups={(fleet) => fleet.hosts} />
      <Groups
        title="Libraries"
        sub="databricks-sql-telemetry; other drivers have none"
        name="Version"
        span="s5"
        answer={answer}
        groups={(fleet) => fleet.libraries.map((group) => ({ ...group, name: group.version }))}
      />
    </div>
  );
}
