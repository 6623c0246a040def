package io.matriarch.server.config;

import io.matriarch.wire.ServerId;
import io.matriarch.wire.election.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads zoo.cfg, the dynamic file it names, and myid, and collects all that is wrong or without effect. */
final class ConfigReader {
    private static final String CLIENT_ANY = "0.0.0.0";

    private final Path zooCfg;
    private final UnaryOperator<String> systemProperties;
    private final ServerConfig.Builder values = ServerConfig.builder();
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Map<String, Setting> memberSettings = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    ConfigReader(Path zooCfg, UnaryOperator<String> systemProperties) {
        this.zooCfg = zooCfg;
        this.systemProperties = systemProperties;
    }

    ServerConfig read() {
        if (readFile(zooCfg, false)) {
            readDynamicFile();
            readMembers();
            readValues();
            readClientAddress();
            readStandaloneOrMyid();
            ConfigRules.check(values, this::complain);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(zooCfg.toString(), problems);
        }
        values.warnings.addAll(warnings);
        return values.finish();
    }

    // --- files -------------------------------------------------------------------------------------------------------

    private boolean readFile(Path file, boolean isDynamic) {
        List<Setting> read;
        try {
            read = ConfigFile.read(file);
        } catch (IOException e) {
            problems.add(file + ": cannot be read: " + e);
            return false;
        }
        for (Setting setting : read) {
            take(setting, isDynamic);
        }
        return true;
    }

    private void take(Setting setting, boolean isDynamic) {
        String key = setting.key();
        if (key.equals(ConfigFile.MALFORMED)) {
            problems.add(setting.problem("a \\u must be followed by four hexadecimal digits"));
        } else if (ConfigKeys.isMembership(key)) {
            Setting earlier = memberSettings.putIfAbsent(key, setting);
            if (earlier != null) {
                problems.add(
                        setting.problem("this key stands on line " + earlier.line() + " already; ids must be unique"));
            }
        } else if (isDynamic) {
            problems.add(setting.problem("a dynamic file may hold only server., group and weight keys"));
        } else if (ConfigKeys.isSupported(key)) {
            Setting earlier = settings.put(key, setting);
            if (earlier != null) {
                warnings.add(setting.problem("overrides line " + earlier.line()));
            }
        } else {
            refuseOrWarn(setting);
        }
    }

    /** Without effect here; a setting whose silent loss would open a door stops the start instead. */
    private void refuseOrWarn(Setting setting) {
        boolean isOn = setting.value().equalsIgnoreCase("true");
        switch (setting.key()) {
            case "sslQuorum",
                    "quorum.auth.enableSasl",
                    "quorum.auth.serverRequireSasl",
                    "quorum.auth.learnerRequireSasl" -> {
                if (isOn) {
                    problems.add(
                            setting.problem("securing the links between servers is not supported yet; must be false"));
                }
            }
            case "secureClientPort" ->
                problems.add(setting.problem("TLS for clients is not supported yet; must be absent"));
            default ->
                warnings.add(setting.problem(
                        ConfigKeys.isKnown(setting.key())
                                ? "is not supported and has no effect"
                                : "is unknown and has no effect; check the spelling"));
        }
    }

    private void readDynamicFile() {
        Setting setting = settings.get("dynamicConfigFile");
        if (setting == null) {
            return;
        }
        if (!memberSettings.isEmpty()) {
            problems.add(setting.problem("server lines must stand either here or in the dynamic file, not in both"));
        }
        Path file = pathOf(setting);
        if (file == null || !readFile(file, true)) {
            return;
        }
        String name = file.toString();
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        if (name.contains(".dynamic.")) {
            try {
                values.configVersion = Long.parseUnsignedLong(suffix, 16);
            } catch (NumberFormatException e) {
                problems.add(setting.problem("the file name must end in the version in hexadecimal digits"));
            }
        }
    }

    // --- values ------------------------------------------------------------------------------------------------------

    private void readValues() {
        values.dataDir = pathOf(settings.get("dataDir"));
        values.dataLogDir = pathOf(settings.get("dataLogDir"));
        values.tickMillis = number("tickTime", values.tickMillis);
        values.minSessionTimeoutMillis = number("minSessionTimeout", -1);
        values.maxSessionTimeoutMillis = number("maxSessionTimeout", -1);
        values.maxClientConnections = number("maxClientCnxns", values.maxClientConnections);
        values.maxConnections = number("maxCnxns", 0);
        values.clientPortListenBacklog = number("clientPortListenBacklog", -1);
        values.snapCount = number("snapCount", values.snapCount);
        values.preAllocBytes = 1024L * number("preAllocSize", (int) (values.preAllocBytes / 1024));
        values.electionPortBindRetry = number("electionPortBindRetry", values.electionPortBindRetry);
        values.connectTimeoutMillis = number("cnxTimeout", values.connectTimeoutMillis);
        values.listensOnAllAddresses = isTrue("quorumListenOnAllIPs", false);
        values.forcesLog = !"no".equalsIgnoreCase(textOr("forceSync", "yes"));
        String words = textOr("4lw.commands.whitelist", "srvr");
        values.fourLetterWords = new TreeSet<>(Arrays.asList(words.strip().split("\\s*,\\s*")));
        values.juteMaxBuffer = juteMaxBuffer();
        Setting algorithm = settings.get("electionAlg");
        if (algorithm != null && !algorithm.value().equals("3")) {
            problems.add(algorithm.problem("only 3, fast leader election, is supported"));
        }
    }

    private int juteMaxBuffer() {
        // Compat: this one is no zookeeper. property and cannot be set in the file.
        String text = systemProperties.apply("jute.maxbuffer");
        if (text == null) {
            return ServerConfig.DEFAULT_JUTE_MAX_BUFFER;
        }
        try {
            return Integer.decode(text.strip());
        } catch (NumberFormatException e) {
            problems.add("-Djute.maxbuffer=" + text + ": must be a whole number of bytes");
            return ServerConfig.DEFAULT_JUTE_MAX_BUFFER;
        }
    }

    private void readClientAddress() {
        Setting port = settings.get("clientPort");
        Setting host = settings.get("clientPortAddress");
        if (port != null) {
            values.clientAddress = new HostPort(host != null ? host.value() : CLIENT_ANY, number("clientPort", 0));
        } else if (host != null) {
            problems.add(host.problem("needs clientPort beside it"));
        }
    }

    private void readMembers() {
        for (Setting setting : memberSettings.values()) {
            if (!setting.key().startsWith("server.")) {
                continue;
            }
            try {
                ServerId sid = new ServerId(Long.parseLong(setting.key().substring("server.".length())));
                values.members.add(MemberConfig.parse(sid, setting.value()));
            } catch (NumberFormatException e) {
                problems.add(setting.problem("the part behind 'server.' must be the server's id, a number"));
            } catch (IllegalArgumentException e) {
                problems.add(setting.problem(String.valueOf(e.getMessage())));
            }
        }
        values.groups = new GroupReader(values.members, problems).read(memberSettings.values());
    }

    private void readStandaloneOrMyid() {
        if (memberSettings.isEmpty()) {
            warnIfNoClientPort();
            return;
        }
        boolean mayBeAlone = isTrue("standaloneEnabled", true);
        if (mayBeAlone && values.members.size() == 1 && memberSettings.size() == 1) {
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
        values.initLimit = number("initLimit", values.initLimit);
        values.syncLimit = number("syncLimit", values.syncLimit);
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
            problems.add(zooCfg + ": one participant with observers beside it needs standaloneEnabled=false");
        }
    }

    private void requireLimit(String key) {
        if (!settings.containsKey(key)) {
            problems.add(zooCfg + ": " + key + " is missing; servers of an ensemble need it, in ticks, at least 1");
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
            problems.add(file + ": cannot be read (" + e.getClass().getSimpleName()
                    + "); must hold this server's id as a number, one of " + sids());
            values.self = values.members.isEmpty()
                    ? values.self
                    : values.members.get(0).sid();
            return;
        }
        try {
            values.self = new ServerId(Long.parseLong(text));
        } catch (NumberFormatException e) {
            problems.add(file + ":1: '" + text + "': must be this server's id as a number, one of " + sids());
            values.self = values.members.isEmpty()
                    ? values.self
                    : values.members.get(0).sid();
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
        Setting line = memberSettings.get("server." + own.sid());
        if (fixed != null
                && line != null
                && (fixed.port() != part.port() || !fixed.host().equals(part.host()))) {
            problems.add(line.problem("its client part contradicts clientPort and clientPortAddress, " + fixed.host()
                    + ":" + fixed.port() + "; keep one of them"));
        }
        values.clientAddress = part;
    }

    private void checkPeerType(MemberConfig own) {
        Setting peerType = settings.get("peerType");
        if (peerType == null) {
            return;
        }
        String type = peerType.value().toLowerCase(Locale.ROOT);
        if (!type.equals("participant") && !type.equals("observer")) {
            problems.add(peerType.problem("must be participant or observer"));
        } else if (type.equals("participant") != own.isParticipant()) {
            // Compat: the server line wins.
            warnings.add(peerType.problem("has no effect: the line server." + own.sid() + " says "
                    + (own.isParticipant() ? "participant" : "observer")));
        }
    }

    private void warnIfNoClientPort() {
        if (values.clientAddress == null) {
            warnings.add(zooCfg + ": clientPort is missing; no client can connect to this server");
        }
    }

    // --- one value ---------------------------------------------------------------------------------------------------

    private void complain(String key, String text) {
        Setting setting = settings.getOrDefault(key, memberSettings.get(key));
        problems.add(setting != null ? setting.problem(text) : zooCfg + ": " + key + ": " + text);
    }

    private String textOr(String key, String otherwise) {
        Setting setting = settings.get(key);
        if (setting != null) {
            return setting.value();
        }
        String property = systemProperties.apply("zookeeper." + key);
        return property != null ? property : otherwise;
    }

    private int number(String key, int otherwise) {
        String text = textOr(key, "").strip();
        if (text.isEmpty() && !settings.containsKey(key)) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            complain(key, "must be a whole number");
            return otherwise;
        }
    }

    private boolean isTrue(String key, boolean otherwise) {
        String text = textOr(key, String.valueOf(otherwise)).toLowerCase(Locale.ROOT);
        if (!text.equals("true") && !text.equals("false")) {
            complain(key, "must be true or false");
        }
        return text.equals("true");
    }

    private @Nullable Path pathOf(@Nullable Setting setting) {
        if (setting == null) {
            return null;
        }
        try {
            Path path = Path.of(setting.value());
            return path;
        } catch (InvalidPathException e) {
            problems.add(setting.problem("must be a path of this system: " + e.getReason()));
            return null;
        }
    }
}
