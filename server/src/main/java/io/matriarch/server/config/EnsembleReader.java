package io.matriarch.server.config;

import io.matriarch.wire.MalformedException;
import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;

/** Who the members are: server lines, groups, standalone or not. */
final class EnsembleReader {
    /** Compat: the id is the first byte of a session's id. */
    private static final long MAX_SID = 255;

    private final Settings settings;
    private final ConfigValues values;
    private final OwnServer own;

    EnsembleReader(Settings settings, ConfigValues values, LocalHosts hosts) {
        this.settings = settings;
        this.values = values;
        this.own = new OwnServer(settings, values, hosts);
    }

    /** Needs dataDir and the client address of the static keys, which the own server line may replace. */
    void read() {
        for (Setting setting : settings.memberSettings()) {
            if (setting.key().startsWith("server.")) {
                readMember(setting);
            }
        }
        values.groups = new GroupReader(values.members, settings.problems()).read(settings.memberSettings());
        boolean mayBeAlone = settings.isTrue("standaloneEnabled", true);
        values.isStandaloneEnabled = mayBeAlone;
        if (settings.memberSettings().isEmpty()) {
            if (!mayBeAlone) {
                settings.add(
                        "standaloneEnabled", "an ensemble needs at least one server line; add it, or set this true");
            }
            own.readStandalone(null);
        } else if (isOneParticipantAlone() && mayBeAlone) {
            own.readStandalone(values.members.get(0));
            values.members.clear();
        } else {
            readEnsemble(mayBeAlone);
        }
    }

    private void readMember(Setting setting) {
        try {
            ServerId sid = new ServerId(Long.parseLong(setting.key().substring("server.".length())));
            if (!setting.key().equals("server." + sid)) {
                throw new MalformedException("the id must be written without zeros before it, server." + sid);
            }
            MemberConfig member = MemberConfig.parse(sid, setting.value());
            values.members.add(member);
            if (member.addresses().size() > 1 && !settings.isTrue("multiAddress.enabled", false)) {
                settings.problems()
                        .add(setting.problem("several addresses, joined by |, need multiAddress.enabled=true"
                                + " (and no peer older than 3.6)"));
            }
            if (sid.value() < 0 || sid.value() > MAX_SID) {
                settings.warnings()
                        .add(setting.problem("ids should be from 0 to " + MAX_SID
                                + "; two servers whose ids are equal modulo 256 may give the same session ids"));
            }
        } catch (NumberFormatException e) {
            settings.problems()
                    .add(setting.problem("the part behind 'server.' must be the server's id, a number from 0 to 255"));
        } catch (MalformedException e) {
            settings.problems().add(setting.problem(String.valueOf(e.getMessage())));
        }
    }

    /** A line that cannot be read is one too. */
    private boolean isOneParticipantAlone() {
        return settings.memberSettings().size() == 1
                && values.members.size() == 1
                && values.members.get(0).isParticipant();
    }

    private void readEnsemble(boolean mayBeAlone) {
        values.initLimit = limit("initLimit", values.initLimit);
        values.syncLimit = limit("syncLimit", values.syncLimit);
        own.readMember();
        warnOfHostlessClientPart();
        long participants =
                values.members.stream().filter(MemberConfig::isParticipant).count();
        if (mayBeAlone && participants == 1 && values.members.size() > 1) {
            settings.problems()
                    .add(settings.file() + ": one participant with observers beside it needs standaloneEnabled=false");
        }
        readOracle(participants);
        if (participants == 2 && values.groups == null && values.oracleFile == null) {
            settings.warnings()
                    .add(settings.file() + ": with two participants neither may fail; three tolerate the loss of one");
        }
    }

    private void readOracle(long participants) {
        values.oracleFile = settings.path("oraclePath");
        if (values.oracleFile == null) {
            return;
        }
        if (values.groups != null) {
            settings.add("oraclePath", "an oracle and groups exclude each other; remove one of them");
        } else if (participants != 2) {
            // Compat: a majority decides then, as with Apache.
            settings.warnings()
                    .add(settings.file() + ": oraclePath has no effect with " + participants
                            + " participants; an oracle decides between two");
        }
    }

    /** LESSONS 49. The text is Apache's nevertheless: members compare it. */
    private void warnOfHostlessClientPart() {
        for (MemberConfig member : values.members) {
            HostPort client = member.client();
            if (client != null && client.host().equals(ClientReader.ANY_HOST)) {
                settings.warn(
                        "server." + member.sid(),
                        "clients that follow /zookeeper/config are told " + client.host() + ":" + client.port()
                                + "; write the host before the client port, here and on other lines");
                return;
            }
        }
    }

    private int limit(String key, int otherwise) {
        if (!settings.has(key)) {
            settings.problems()
                    .add(settings.file() + ": " + key
                            + " is missing; servers of an ensemble need it, in ticks, at least 1");
        }
        return settings.number(key, otherwise);
    }
}
