package io.matriarch.cli.ensemble;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.FourLetterWord;
import io.matriarch.cli.contact.JsonRecord;
import io.matriarch.cli.contact.Network;
import io.matriarch.server.client.Standing;
import io.matriarch.wire.Zxid;
import io.matriarch.wire.election.PeerState;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks one server: {@code peer}, which ours answer, or else {@code srvr} and whatever more it is allowed to tell. */
final class Inquiry {
    private static final Map<String, PeerState> MODES =
            Map.of("leader", PeerState.LEADING, "follower", PeerState.FOLLOWING, "observer", PeerState.OBSERVING);

    private final JsonMapper mapper = new JsonMapper();
    private final Network network;

    Inquiry(Network network) {
        this.network = network;
    }

    /** Never fails: a server that cannot be asked is reported as such. */
    ServerReport ask(Address address, @Nullable Long sid) {
        try {
            ServerReport ours = askOurs(address);
            return ours != null ? ours : askAnybody(address, sid);
        } catch (IOException e) {
            return ServerReport.unreachable(address, sid, String.valueOf(e.getMessage()));
        }
    }

    /** Null if it does not know the word. */
    private @Nullable ServerReport askOurs(Address address) throws IOException {
        long beganNanos = System.nanoTime();
        String answer;
        try {
            answer = FourLetterWord.ask(network, address, "peer");
        } catch (FourLetterWord.NotAllowedException e) {
            return null;
        } catch (IOException e) {
            // Compat: Apache resets the connection when a word is unknown; whether it is there shows with the next one.
            return null;
        }
        long tookMicros = (System.nanoTime() - beganNanos) / 1000;
        try {
            JsonNode fields = mapper.readTree(answer);
            Standing standing = (Standing) JsonRecord.of(Standing.class, fields);
            long hereMicros = System.currentTimeMillis() * 1000 - tookMicros / 2;
            return ours(address, standing, fields.path("atMicros").asLong() - hereMicros, tookMicros / 2 + 1000);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return null; // standalone, just begun, or of another release
        }
    }

    private static ServerReport ours(Address address, Standing standing, long aheadMicros, long errorMicros) {
        ServerReport.Force force = standing.forces() == 0
                ? null
                : new ServerReport.Force(standing.forceMedianMicros(), standing.forceMaxMicros());
        return new ServerReport(
                address,
                standing.sid().value(),
                null,
                standing.version().split(",")[0],
                standing.state(),
                standing.isServing(),
                standing.currentEpoch(),
                standing.lastLogged(),
                standing.clients(),
                force,
                standing,
                aheadMicros,
                errorMicros);
    }

    private ServerReport askAnybody(Address address, @Nullable Long sid) throws IOException {
        Map<String, String> told = lines(FourLetterWord.ask(network, address, "srvr"), ": ");
        Map<String, String> more = askMore(address, "mntr", "\t");
        Map<String, String> conf = sid == null ? askMore(address, "conf", "=") : Map.of();
        String mode = told.getOrDefault("Mode", "");
        PeerState role = MODES.get(mode);
        Zxid zxid = zxid(told.getOrDefault("Zxid", ""));
        return new ServerReport(
                address,
                sid != null ? sid : number(conf.get("serverId")),
                mode.equals("standalone") ? "it is standalone, and no member of an ensemble" : null,
                told.getOrDefault("Zookeeper version", "?").split(",")[0],
                role == null ? PeerState.LOOKING : role,
                role != null,
                zxid.epoch(),
                zxid,
                (int) Math.max(0, orZero(number(told.get("Connections"))) - 1),
                force(more),
                null,
                0,
                0);
    }

    private Map<String, String> askMore(Address address, String word, String separator) {
        try {
            return lines(FourLetterWord.ask(network, address, word), separator);
        } catch (IOException e) {
            return Map.of(); // not allowed by default
        }
    }

    /** Compat: Apache measures forces since 3.6, in whole milliseconds. */
    private static ServerReport.@Nullable Force force(Map<String, String> figures) {
        String average = figures.get("zk_avg_fsynctime");
        Long max = number(figures.get("zk_max_fsynctime"));
        try {
            return average == null || max == null
                    ? null
                    : new ServerReport.Force(Math.round(Double.parseDouble(average) * 1000), max * 1000);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Map<String, String> lines(String answer, String separator) {
        Map<String, String> lines = new TreeMap<>();
        answer.lines().forEach(line -> {
            int at = line.indexOf(separator);
            if (at > 0) {
                lines.putIfAbsent(
                        line.substring(0, at),
                        line.substring(at + separator.length()).strip());
            }
        });
        return lines;
    }

    private static Zxid zxid(String text) {
        try {
            return text.startsWith("0x") ? new Zxid(Long.parseUnsignedLong(text.substring(2), 16)) : Zxid.NONE;
        } catch (NumberFormatException e) {
            return Zxid.NONE;
        }
    }

    private static @Nullable Long number(@Nullable String text) {
        try {
            return text == null ? null : Long.valueOf(text.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static long orZero(@Nullable Long number) {
        return number == null ? 0 : number;
    }
}
