package io.matriarch.core.quorum;

/**
 * One place where a member is reached by the others.
 *
 * @param host name or address literal without brackets, as configured; never resolved here
 * @param quorumPort where its learners connect while it leads, 1 to 65535
 * @param electionPort where its peers send notifications, 1 to 65535
 */
public record MemberAddress(String host, int quorumPort, int electionPort) {
    /** {@code host:quorumPort:electionPort}, an IPv6 literal in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + quorumPort + ":" + electionPort;
    }
}
