package io.matriarch.server.config;

import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.wire.election.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * No two sockets of one machine listen on the same port. Machines are told apart by their names as they are written, so
 * that only what is certainly wrong is refused.
 */
final class PortRules {
    private final ConfigValues values;
    private final Complaints complaints;
    private final List<Listening> known = new ArrayList<>();

    /**
     * One socket that some server will listen on.
     *
     * @param key the key to blame
     * @param machine name of the host that it runs on, as configured
     * @param address what it listens on; may be any address of the machine
     */
    private record Listening(String key, String what, String machine, String address, int port) {
        boolean clashesWith(Listening other) {
            return port == other.port
                    && port != 0
                    && machine.equals(other.machine)
                    && (address.equals(other.address) || isAny(address) || isAny(other.address));
        }
    }

    PortRules(ConfigValues values, Complaints complaints) {
        this.values = values;
        this.complaints = complaints;
    }

    void check() {
        boolean hasOwnClientPart = false;
        for (MemberConfig member : values.members) {
            addMember(member);
            hasOwnClientPart |= member.sid().equals(values.self) && member.client() != null;
        }
        values.members.forEach(this::addObserverPort);
        HostPort client = values.clientAddress;
        if (client != null && !hasOwnClientPart) {
            addOwn("clientPort", "client port", client);
        }
    }

    /** A further socket of this server itself, told by a key of its own. */
    private void addOwn(String key, String what, HostPort address) {
        String machine = values.members.stream()
                .filter(member -> member.sid().equals(values.self))
                .map(member -> canonical(member.host()))
                .findFirst()
                .orElse("");
        // An address that is not the one of the server line is another one of the same machine.
        add(new Listening(key, what, machine, canonical(address.host()), address.port()));
    }

    private void addMember(MemberConfig member) {
        String key = "server." + member.sid();
        String machine = canonical(member.host());
        boolean isOnAll = member.sid().equals(values.self) && values.listensOnAllAddresses;
        for (MemberAddress at : member.addresses()) {
            String address = isOnAll ? "0.0.0.0" : canonical(at.host());
            add(new Listening(key, "quorum port", canonical(at.host()), address, at.quorumPort()));
            add(new Listening(key, "election port", canonical(at.host()), address, at.electionPort()));
        }
        HostPort client = member.client();
        if (client != null) {
            add(new Listening(key, "client port", machine, canonical(client.host()), client.port()));
        }
    }

    /** This server listens there while it follows; those beside it may have been told another port. */
    private void addObserverPort(MemberConfig member) {
        int port = values.observers.masterPort();
        if (port > 0 && member.isParticipant() && member.sid().equals(values.self)) {
            String machine = canonical(member.host());
            String address = values.listensOnAllAddresses ? "0.0.0.0" : machine;
            add(new Listening("observerMasterPort", "port for observers", machine, address, port));
        }
    }

    private void add(Listening added) {
        for (Listening other : known) {
            if (added.clashesWith(other)) {
                boolean isSameLine = added.key.equals(other.key);
                complaints.add(
                        added.key,
                        added.what + " " + added.port + " is " + (isSameLine ? "its own" : "the") + " " + other.what
                                + (isSameLine ? "" : " of " + other.key)
                                + (added.machine.isEmpty() ? "" : " on " + added.machine)
                                + " already; ports of one machine must differ");
                return;
            }
        }
        known.add(added);
    }

    private static String canonical(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    private static boolean isAny(String address) {
        return Objects.equals(address, "0.0.0.0") || Objects.equals(address, "::") || address.equals("0:0:0:0:0:0:0:0");
    }
}
