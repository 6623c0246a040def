package io.matriarch.cli.ensemble;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.matriarch.server.client.Standing;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The same as {@link StatusText}, as one JSON object. Zxids are text in hexadecimal. */
final class StatusJson {
    private final JsonMapper mapper = new JsonMapper();

    String of(EnsembleReport ensemble, @Nullable Forecast forecast, List<String> concerns) {
        ObjectNode root = mapper.createObjectNode();
        ServerReport leader = ensemble.leader();
        root.put("leader", leader == null ? null : leader.sid());
        root.put("epoch", leader == null ? null : leader.epoch());
        root.put("voters", ensemble.voterCount());
        root.put("servingVoters", ensemble.servingVoters().size());
        ArrayNode servers = root.putArray("servers");
        ensemble.servers().forEach(server -> server(servers.addObject(), ensemble, server, leader));
        if (forecast != null) {
            forecast(root.putObject("ifLeaderDied"), forecast);
        }
        ArrayNode warnings = root.putArray("warnings");
        concerns.forEach(warnings::add);
        try {
            return mapper.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("plain values cannot be written as JSON", e);
        }
    }

    private static void server(
            ObjectNode node, EnsembleReport ensemble, ServerReport server, @Nullable ServerReport leader) {
        node.put("address", server.address().toString());
        node.put("sid", server.sid());
        node.put("failure", server.failure());
        if (server.failure() != null || server.role() == null) {
            return;
        }
        node.put("version", server.version());
        node.put("role", server.role().name().toLowerCase(Locale.ROOT));
        node.put("voter", ensemble.isVoter(server));
        node.put("serving", server.isServing());
        node.put("epoch", server.epoch());
        node.put("zxid", server.zxid().toString());
        long lag = leader == null ? 0 : SafeToStop.lag(leader, server);
        node.put("lag", lag == Long.MAX_VALUE ? null : lag);
        node.put("clients", server.clients());
        ServerReport.Force force = server.force();
        node.put("forceMedianMicros", force == null ? null : force.medianMicros());
        node.put("forceMaxMicros", force == null ? null : force.maxMicros());
        Standing standing = server.standing();
        if (standing != null) {
            node.put("phase", standing.phase());
            node.put("acceptedEpoch", standing.acceptedEpoch());
            node.put("round", standing.round());
            node.put("lastCommitted", standing.lastCommitted().toString());
            node.put("sessions", standing.sessions());
            node.put("outstanding", standing.outstanding());
            node.put("startedMicros", standing.startedMicros());
            node.put("clockAheadMicros", server.aheadMicros());
            node.put("clockErrorMicros", server.errorMicros());
        }
    }

    private static void forecast(ObjectNode node, Forecast forecast) {
        ServerReport successor = forecast.successor();
        node.put("leader", successor == null ? null : successor.sid());
        node.put("canLead", successor != null);
        ServerReport preferred = forecast.preferred();
        node.put("thenLeader", preferred == null ? null : preferred.sid());
        List<Long> past = forecast.pastMicros();
        node.put("medianMicros", past.isEmpty() ? null : past.get(past.size() / 2));
        node.put("worstMicros", past.isEmpty() ? null : past.get(past.size() - 1));
        node.put("elections", past.size());
        node.put("silenceMillis", forecast.silenceMillis());
    }
}
