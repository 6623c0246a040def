package io.matriarch.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.ServerId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may have another server lead, and how it is said. */
class LeadWordTest {
    private static InetSocketAddress from(String address) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), 1);
    }

    @Test
    void fromElsewhereOnlyWhereTheWhitelistNamesIt() throws UnknownHostException {
        assertThat(LeadWord.refusal(Set.of("srvr"), from("127.0.0.1"))).isNull();
        assertThat(LeadWord.refusal(Set.of("srvr"), from("::1"))).isNull();
        assertThat(LeadWord.refusal(Set.of("srvr", "*"), from("10.0.0.1"))).contains("whitelist");
        assertThat(LeadWord.refusal(Set.of("lead"), from("10.0.0.1"))).isNull();
    }

    @Test
    void theLineNamesOneServer() {
        assertThat(LeadWord.server(Bytes.utf8("lead 2\n"))).isEqualTo(new ServerId(2));
        assertThat(LeadWord.server(Bytes.utf8("lead 12\r\n"))).isEqualTo(new ServerId(12));
        assertThat(LeadWord.server(Bytes.utf8("lead\n"))).isNull();
        assertThat(LeadWord.server(Bytes.utf8("lead two\n"))).isNull();
    }

    @Test
    void aLineWithoutAnEndIsNotWaitedForBeyondItsBound() {
        assertThat(LeadWord.isComplete(Bytes.utf8("lead 2"))).isFalse();
        assertThat(LeadWord.isComplete(Bytes.utf8("lead 2\n"))).isTrue();
        assertThat(LeadWord.isComplete(Bytes.utf8("x".repeat(LeadWord.MAX_BYTES))))
                .isTrue();
    }
}
