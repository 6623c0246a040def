package io.matriarch.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.core.port.TraceEvent;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import java.lang.reflect.Modifier;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordTextTest {
    record Empty() {}

    record Mixed(int number, String text, List<String> more) {}

    @Test
    void textIsWhatTheRecordSaysOfItself() {
        TraceEvent.Vote vote = new TraceEvent.Vote(1, new Zxid(0x100000005L), new ServerId(3), 2);
        TraceEvent.QuorumAgreed agreed = new TraceEvent.QuorumAgreed(vote, 2, 3);
        assertThat(RecordText.of(agreed))
                .isEqualTo(agreed.toString())
                .isEqualTo("QuorumAgreed[vote=(1, 0x100000005, 3) in round 2, votes=2, voters=3]");
        assertThat(RecordText.of(new Empty())).isEqualTo(new Empty().toString());
        Mixed mixed = new Mixed(1, null, List.of("a", "b"));
        assertThat(RecordText.of(mixed)).isEqualTo(mixed.toString());
    }

    @Test
    void everyTraceEventIsAPublicRecord() {
        assertThat(TraceEvent.class.getPermittedSubclasses())
                .allMatch(Class::isRecord)
                .allMatch(type -> Modifier.isPublic(type.getModifiers()));
    }
}
