package io.matriarch.server.config;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Who the members are, and which of them this server is: server lines, groups, standalone or not, myid, peerType. */
final class EnsembleReader {
    private final Settings settings;
    private final ConfigValues values;

    EnsembleReader(Settings settings, ConfigValues values) {
        this.settings = settings;
        this.values = values;
    }

    /** Needs dataDir and the client address of the static keys, which the own server line may replace. */
    void read() {
        readMembers();
        readStandaloneOrMyid();
    }

    private void readMembers() {
        for (Setting setting : settings.memberSettings()) {
            if (!setting.key().startsWith("server.")) {
                continue;
            }
            try {
                ServerId sid = new ServerId(Long.parseLong(setting.key().substring("server.".length())));
                values.members.add(MemberConfig.parse(sid, setting.value()));
            } catch (NumberFormatException e) {
                settings.problems().add(setting.problem("the part behind 'server.' must be the server's id, a number"));
            } catch (IllegalArgumentException e) {
                settings.problems().add(setting.problem(String.valueOf(e.getMessage())));
            }
        }
        values.groups = new GroupReader(values.members, settings.problems()).read(settings.memberSettings());
    }

    private void readStandaloneOrMyid() {
        if (settings.memberSettings().isEmpty()) {
            warnIfNoClientPort();
            return;
        }
        boolean mayBeAlone = settings.isTrue("standaloneEnabled", true);
        if (mayBeAlone
                && values.members.size() == 1
                && settings.memberSettings().size() == 1) {
            MemberConfig only = values.members.get(0);
            takeClientPart(only);
            if (only.isParticipant()) {
                values.members.clear();
                warnIfNoClientPort();
                return;
            }
        }
        requireLimit("initLimit");
        requireLimit("syncLimit");
        values.initLimit = settings.number("initLimit", values.initLimit);
        values.syncLimit = settings.number("syncLimit", values.syncLimit);
        checkLoneParticipant(mayBeAlone);
        readMyid();
        for (MemberConfig member : values.members) {
            if (member.sid().equals(values.self)) {
                takeClientPart(member);
                checkPeerType(member);
            }
        }
        warnIfNoClientPort();
    }

    private void checkLoneParticipant(boolean mayBeAlone) {
        long participants =
                values.members.stream().filter(MemberConfig::isParticipant).count();
        if (mayBeAlone && participants == 1 && values.members.size() > 1) {
            settings.problems()
                    .add(settings.file() + ": one participant with observers beside it needs standaloneEnabled=false");
        }
    }

    private void requireLimit(String key) {
        if (!settings.has(key)) {
            settings.problems()
                    .add(settings.file() + ": " + key
                            + " is missing; servers of an ensemble need it, in ticks, at least 1");
        }
    }

    private void readMyid() {
        Path dataDir = values.dataDir;
        if (dataDir == null) {
            return;
        }
        Path file = dataDir.resolve("myid");
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            settings.problems()
                    .add(file + ": cannot be read (" + e.getClass().getSimpleName()
                            + "); must hold this server's id as a number, one of " + sids());
            pretendToBeTheFirst();
            return;
        }
        try {
            values.self = new ServerId(Long.parseLong(text));
        } catch (NumberFormatException e) {
            settings.problems()
                    .add(file + ":1: '" + text + "': must be this server's id as a number, one of " + sids());
            pretendToBeTheFirst();
        }
    }

    /** So that a bad myid does not bring more complaints about itself. */
    private void pretendToBeTheFirst() {
        if (!values.members.isEmpty()) {
            values.self = values.members.get(0).sid();
        }
    }

    private String sids() {
        List<String> sids = new ArrayList<>();
        values.members.forEach(member -> sids.add(member.sid().toString()));
        return String.join(", ", sids);
    }

    /** The client part of the own server line; the static keys may repeat but not contradict it. */
    private void takeClientPart(MemberConfig own) {
        HostPort part = own.client();
        if (part == null) {
            return;
        }
        HostPort fixed = values.clientAddress;
        Setting line = settings.line("server." + own.sid());
        if (fixed != null
                && line != null
                && (fixed.port() != part.port() || !fixed.host().equals(part.host()))) {
            settings.problems()
                    .add(line.problem("its client part contradicts clientPort and clientPortAddress, " + fixed.host()
                            + ":" + fixed.port() + "; keep one of them"));
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
            settings.problems().add(peerType.problem("must be participant or observer"));
        } else if (type.equals("participant") != own.isParticipant()) {
            // Compat: the server line wins.
            settings.warnings()
                    .add(peerType.problem("has no effect: the line server." + own.sid() + " says "
                            + (own.isParticipant() ? "participant" : "observer")));
        }
    }

    private void warnIfNoClientPort() {
        if (values.clientAddress == null) {
            settings.warnings().add(settings.file() + ": clientPort is missing; no client can connect to this server");
        }
    }
}
