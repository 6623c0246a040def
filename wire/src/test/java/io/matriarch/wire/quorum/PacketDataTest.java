package io.matriarch.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.CodecLaws;
import io.matriarch.wire.Golden;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.Samples;
import io.matriarch.wire.ServerId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The records inside packets: zab.md 4, 12, 13 and scenarios 4 and 45. */
class PacketDataTest {
    private final Samples any = new Samples(8);

    @Test
    void learnerInfoIsApachesTwentyBytes() {
        LearnerInfo info = new LearnerInfo(new ServerId(9), 0x10000, 0x100000000L, Capabilities.NONE);
        assertThat(info.encode()).isEqualTo(Golden.bytes("learnerInfo"));
        assertThat(LearnerInfo.decode(Golden.bytes("learnerInfo"))).isEqualTo(info);
    }

    @Test
    void capabilitiesFollowWhatApacheReads() {
        LearnerInfo learner = new LearnerInfo(new ServerId(9), 0x10000, 5, 0b101);
        assertThat(learner.encode())
                .isEqualTo(Golden.hex("0000000000000009 00010000 0000000000000005 4d545243 00000005"));
        assertThat(LearnerInfo.decode(learner.encode())).isEqualTo(learner);
        LeaderInfo leader = new LeaderInfo(0x10000, 0b101);
        assertThat(leader.encode()).isEqualTo(Golden.hex("00010000 4d545243 00000005"));
        assertThat(LeaderInfo.decode(leader.encode())).isEqualTo(leader);
        assertThat(LeaderInfo.decode(Golden.hex("00010000"))).isEqualTo(new LeaderInfo(0x10000, 0));
    }

    @Test
    void foreignBytesBehindTheKnownFieldsAreIgnored() {
        Bytes bytes = Golden.hex("0000000000000009 00010000 0000000000000005 0102030405");
        assertThat(LearnerInfo.decode(bytes)).isEqualTo(new LearnerInfo(new ServerId(9), 0x10000, 5, 0));
        assertThat(LeaderInfo.decode(Golden.hex("00010000 01020304"))).isEqualTo(new LeaderInfo(0x10000, 0));
    }

    @Test
    void learnerInfoIsReadByPosition() {
        Bytes whole = Golden.hex("0000000000000009 00010000 0000000000000005");
        assertThat(LearnerInfo.decode(whole.slice(0, 8))).isEqualTo(new LearnerInfo(new ServerId(9), 0, 0, 0));
        assertThat(LearnerInfo.decode(whole.slice(0, 12))).isEqualTo(new LearnerInfo(new ServerId(9), 0x10000, 0, 0));
        assertThatThrownBy(() -> LearnerInfo.decode(null)).isInstanceOf(MalformedException.class);
        CodecLaws.refusesEveryCut(whole.slice(0, 8), LearnerInfo::decode);
        CodecLaws.survivesEveryCut(new LearnerInfo(new ServerId(9), 0x10000, 5, 1).encode(), LearnerInfo::decode);
    }

    @Test
    void aForwardedRequestIsSessionXidOpcodeAndBody() {
        ForwardedRequest request = new ForwardedRequest(0x0100000000000001L, 2, 3, Bytes.utf8("hi"));
        assertThat(request.encode()).isEqualTo(Golden.hex("0100000000000001 00000002 00000003 6869"));
        assertThat(ForwardedRequest.decode(request.encode())).isEqualTo(request);
        CodecLaws.refusesEveryCut(request.encode().slice(0, 16), ForwardedRequest::decode);
        assertThatThrownBy(() -> ForwardedRequest.decode(null)).isInstanceOf(MalformedException.class);
    }

    @Test
    void smallRecordsRoundTripAndRefuseCuts() {
        for (int i = 0; i < 200; i++) {
            Revalidation ask = new Revalidation(any.aLong(), any.anInt());
            assertThat(Revalidation.decode(ask.encode())).isEqualTo(ask);
            CodecLaws.refusesEveryCut(ask.encode(), Revalidation::decode);
            RevalidationAnswer answer = new RevalidationAnswer(any.aLong(), any.aBoolean());
            assertThat(RevalidationAnswer.decode(answer.encode())).isEqualTo(answer);
            CodecLaws.refusesEveryCut(answer.encode(), RevalidationAnswer::decode);
            AckEpoch epoch = new AckEpoch(any.anInt());
            assertThat(AckEpoch.decode(epoch.encode())).isEqualTo(epoch);
            CodecLaws.refusesEveryCut(epoch.encode(), AckEpoch::decode);
        }
        assertThatThrownBy(() -> Revalidation.decode(null)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> RevalidationAnswer.decode(null)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> AckEpoch.decode(null)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> LeaderInfo.decode(null)).isInstanceOf(MalformedException.class);
    }

    @Test
    void touchesAreEntriesUpToTheEnd() {
        for (int i = 0; i < 100; i++) {
            List<SessionTouch> touches = any.list(() -> new SessionTouch(any.aLong(), any.anInt()));
            Bytes data = SessionTouch.encodeAll(touches);
            assertThat(data.length()).isEqualTo(12 * touches.size());
            assertThat(SessionTouch.decodeAll(data)).isEqualTo(touches);
        }
        assertThat(SessionTouch.decodeAll(null)).isEmpty();
        assertThatThrownBy(() -> SessionTouch.decodeAll(Bytes.wrap(new byte[13])))
                .isInstanceOf(MalformedException.class);
    }
}
