package io.matriarch.server.config;

import io.matriarch.core.quorum.MemberAddress;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which of the members this server is, by myid, and what must be true of its own line: role, client part, addresses. */
final class OwnServer {
    private static final int MAX_MYID_BYTES = 100;

    private final Settings settings;
    private final ConfigValues values;
    private final LocalHosts hosts;

    OwnServer(Settings settings, ConfigValues values, LocalHosts hosts) {
        this.settings = settings;
        this.values = values;
        this.hosts = hosts;
    }

    /** A server that stands alone. Its line, if it has one, only says where clients connect. */
    void readStandalone(@Nullable MemberConfig line) {
        if (line != null) {
            takeClientPart(line);
        }
        checkClientAddress(line);
    }

    /** A member of an ensemble. */
    void readMember() {
        MemberConfig own = readMyid();
        if (own != null) {
            values.self = own.sid();
            takeClientPart(own);
            checkPeerType(own);
            if (!values.listensOnAllAddresses) {
                for (MemberAddress address : own.addresses()) {
                    checkIsOurs(
                            "server." + own.sid(),
                            address.host(),
                            "or set quorumListenOnAllIPs=true if the address is"
                                    + " translated on the way here; if this is another server, myid is wrong");
                }
            }
        } else if (!values.members.isEmpty()) {
            // So that a bad myid brings no more complaints about itself.
            values.self = values.members.get(0).sid();
        }
        checkClientAddress(own);
    }

    /** The own line; null if myid does not say, which is told, or if that line is wrong. */
    private @Nullable MemberConfig readMyid() {
        Path dataDir = values.dataDir;
        if (dataDir == null) {
            return null;
        }
        Path file = dataDir.resolve("myid");
        String text;
        try {
            // Compat: Apache reads the first line only.
            text = firstLine(file).strip();
        } catch (NoSuchFileException e) {
            settings.problems().add(file + ": is missing; must hold this server's id, one of " + sids());
            return null;
        } catch (IOException e) {
            settings.problems()
                    .add(file + ": cannot be read (" + e + "); must hold this server's id, one of " + sids());
            return null;
        }
        ServerId sid;
        try {
            sid = new ServerId(Long.parseLong(text));
        } catch (NumberFormatException e) {
            settings.problems()
                    .add(file + ":1: '" + text + "' is no number; must be this server's id, one of " + sids());
            return null;
        }
        if (settings.line("server." + sid) == null) {
            settings.problems()
                    .add(file + ":1: there is no line server." + sid + "; must be the id of a line, one of " + sids()
                            + ", or add that line on every server");
        }
        return values.members.stream()
                .filter(member -> member.sid().equals(sid))
                .findFirst()
                .orElse(null);
    }

    private static String firstLine(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MAX_MYID_BYTES), StandardCharsets.ISO_8859_1);
            return text.lines().findFirst().orElse("");
        }
    }

    private String sids() {
        List<String> sids = new ArrayList<>();
        for (Setting line : settings.memberSettings()) {
            if (line.key().startsWith("server.")) {
                sids.add(line.key().substring("server.".length()));
            }
        }
        return String.join(", ", sids);
    }

    /** The client part of the own server line; the static keys may repeat but not contradict it. */
    private void takeClientPart(MemberConfig own) {
        HostPort part = own.client();
        if (part == null) {
            return;
        }
        HostPort fixed = values.clientAddress;
        // Compat: static keys without an address leave that to the line.
        boolean isRepeated = fixed == null
                || (fixed.port() == part.port()
                        && (fixed.host().equals(ClientReader.ANY_HOST)
                                || fixed.host().equals(part.host())));
        if (fixed != null && !isRepeated) {
            settings.add(
                    "server." + own.sid(),
                    "its client part contradicts clientPort and clientPortAddress, " + fixed.host() + ":" + fixed.port()
                            + "; keep one of them");
        }
        values.clientAddress = part;
    }

    private void checkPeerType(MemberConfig own) {
        Setting peerType = settings.line("peerType");
        if (peerType == null) {
            return;
        }
        String type = peerType.value().toLowerCase(Locale.ROOT);
        if (!type.equals("participant") && !type.equals("observer")) {
            settings.add("peerType", "must be participant or observer");
        } else if (type.equals("participant") != own.isParticipant()) {
            // Compat: the server line wins.
            settings.warnings()
                    .add(peerType.problem("has no effect: the line server." + own.sid() + " says "
                            + (own.isParticipant() ? "participant" : "observer")));
        }
    }

    private void checkClientAddress(@Nullable MemberConfig own) {
        HostPort client = values.clientAddress;
        if (client == null) {
            settings.warnings().add(settings.file() + ": clientPort is missing; no client can connect to this server");
        } else if (own != null && own.client() != null) {
            checkIsOurs("server." + own.sid(), client.host(), "or leave the host of the client part out");
        } else {
            checkIsOurs("clientPortAddress", client.host(), "or leave it out to listen on all addresses");
        }
    }

    private void checkIsOurs(String key, String host, String otherwise) {
        String addresses = hosts.foreignAddressesOf(host);
        if (addresses != null) {
            settings.add(
                    key,
                    host + (addresses.equals(host) ? "" : " is " + addresses + ", which") + " is no address of this"
                            + " machine, so nothing can listen there; name one that is, " + otherwise);
        }
    }
}
