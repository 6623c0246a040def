package io.matriarch.wire.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.JuteWriter;
import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import org.junit.jupiter.api.Test;

class LeadTransferTest {
    private static final ServerId TWO = new ServerId(2);

    @Test
    void eachKindComesBackAsItWas() {
        assertThat(LeadTransfer.decode(LeadTransfer.ask(TWO).encode())).isEqualTo(LeadTransfer.ask(TWO));
        assertThat(LeadTransfer.decode(LeadTransfer.go(TWO).encode())).isEqualTo(LeadTransfer.go(TWO));
        LeadTransfer answer = LeadTransfer.answer(TWO, true, "server 2 takes over");
        assertThat(LeadTransfer.decode(answer.encode())).isEqualTo(answer);
    }

    @Test
    void whatCannotBeIsRefused() {
        JuteWriter unknown = new JuteWriter(32);
        unknown.writeInt(3);
        unknown.writeLong(2);
        unknown.writeBoolean(false);
        unknown.writeString("");
        assertThatThrownBy(() -> LeadTransfer.decode(null)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> LeadTransfer.decode(unknown.toBytes())).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> LeadTransfer.decode(Bytes.wrap(new byte[5000])))
                .isInstanceOf(MalformedException.class);
        Bytes whole = LeadTransfer.ask(TWO).encode();
        assertThatThrownBy(() -> LeadTransfer.decode(whole.slice(0, whole.length() - 1)))
                .isInstanceOf(MalformedException.class);
    }
}
