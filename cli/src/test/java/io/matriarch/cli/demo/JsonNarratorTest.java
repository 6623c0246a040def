package io.matriarch.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.candidate.CandidacyEvent;
import io.matriarch.core.port.TraceEvent;
import io.matriarch.core.port.TraceEvent.Vote;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.Zxid;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class JsonNarratorTest {
    private static String told(DemoEvent event) {
        StringWriter text = new StringWriter();
        new JsonNarrator(new PrintWriter(text)).tell(2_500_000, event);
        return text.toString();
    }

    @Test
    void serverEvent_isOneLineWithItsKindAndItsFields() {
        Vote vote = new Vote(1, new Zxid(0x100000007L), new ServerId(2), 3);
        assertThat(told(new DemoEvent.ServerTold(2, new TraceEvent.QuorumAgreed(vote, 2, 3))))
                .isEqualTo("""
                        {"millis":2.5,"kind":"ServerTold","server":2,"event":"QuorumAgreed",\
                        "vote":{"peerEpoch":1,"zxid":"0x100000007","leader":"2","round":3},"votes":2,"voters":3}
                        """);
    }

    @Test
    void numbersOf64Bits_areHexadecimalText() {
        CandidacyEvent event =
                new CandidacyEvent.Leading(new GrantedLeadership("/c/x-0000000000", 0x7fffffffffffffffL, 3, 16));
        assertThat(told(new DemoEvent.CandidateTold("A", event)))
                .contains("\"sessionId\":\"0x7fffffffffffffff\"", "\"fencingToken\":\"0x10\"");
    }
}
