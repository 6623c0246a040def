package io.matriarch.core.quorum;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One server of the configuration (election.md 5.1).
 *
 * @param sid its id
 * @param isParticipant a participant votes and is counted, an observer is not
 * @param addresses where the others reach it; empty only for a standalone server
 * @param client where clients reach it; null if its line has no client part
 * @param secureClient where clients reach it over TLS; null if its line has no such part
 */
public record Member(
        ServerId sid,
        boolean isParticipant,
        List<MemberAddress> addresses,
        @Nullable HostPort client,
        @Nullable HostPort secureClient) {
    public Member {
        addresses = List.copyOf(addresses);
    }

    /** A member at one address, without a client part. */
    public static Member at(ServerId sid, boolean isParticipant, MemberAddress address) {
        return new Member(sid, isParticipant, List.of(address), null, null);
    }

    /**
     * Parses the value of a {@code server.N} line.
     *
     * @throws io.matriarch.wire.MalformedException with a text that says what is allowed
     */
    public static Member parse(ServerId sid, String value) {
        return MemberLine.parse(sid, value);
    }

    /** The value of this member's {@code server.N} line, the role always written (election.md 5.2). */
    public String text() {
        return MemberLine.text(this);
    }

    /** Whether both are reached by the others at the same places. */
    boolean isWhere(Member other) {
        return addresses.equals(other.addresses);
    }
}
