package io.matriarch.core.request;

import io.matriarch.core.session.LocalSessions;
import io.matriarch.core.session.SessionRules;
import io.matriarch.wire.ServerId;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ClientDesk} must know.
 *
 * @param self this server, 1 if standalone: the top byte of its session ids
 * @param tickMillis how long a handshake may wait for this server to serve
 * @param minSessionTimeoutMillis shorter wishes get this
 * @param maxSessionTimeoutMillis longer wishes get this
 * @param handshakeMillis a link that has not sent a connect request after this is closed
 * @param maxQueuedRequests a link with this many requests unanswered is not read from
 * @param maxQueuedBytes a link with this many bytes of requests unanswered is not read from
 * @param maxOutstandingRequests with this many requests unanswered in all, links that have some are not read from
 * @param maxLocalSessions sessions that only this server knows, at most
 * @param sessionRules which sessions are granted
 * @param rules rules that only tests replace
 * @param superDigest {@code user:hash}: whoever proves to be this may do everything; null if nobody may
 * @param znodes what operators decide about znodes
 */
public record DeskConfig(
        ServerId self,
        int tickMillis,
        int minSessionTimeoutMillis,
        int maxSessionTimeoutMillis,
        int handshakeMillis,
        int maxQueuedRequests,
        int maxQueuedBytes,
        int maxOutstandingRequests,
        int maxLocalSessions,
        SessionRules sessionRules,
        RequestRules rules,
        @Nullable String superDigest,
        ZnodeConfig znodes) {
    private static final int DEFAULT_HANDSHAKE_MILLIS = 10_000;
    private static final int DEFAULT_QUEUED_REQUESTS = 1_000;
    private static final int DEFAULT_QUEUED_BYTES = 4 << 20;
    private static final int DEFAULT_OUTSTANDING_REQUESTS = 10_000;

    /** Session timeouts as given, everything else at its default. */
    public static DeskConfig of(
            ServerId self, int tickMillis, int minSessionTimeoutMillis, int maxSessionTimeoutMillis) {
        return new DeskConfig(
                self,
                tickMillis,
                minSessionTimeoutMillis,
                maxSessionTimeoutMillis,
                DEFAULT_HANDSHAKE_MILLIS,
                DEFAULT_QUEUED_REQUESTS,
                DEFAULT_QUEUED_BYTES,
                DEFAULT_OUTSTANDING_REQUESTS,
                LocalSessions.MAX_SESSIONS,
                SessionRules.DEFAULT,
                RequestRules.CORRECT,
                null,
                ZnodeConfig.DEFAULT);
    }

    /** The same where who proves to be {@code digest} may do everything, and znodes are as {@code config} says. */
    public DeskConfig withAccess(@Nullable String digest, ZnodeConfig config) {
        return new DeskConfig(
                self,
                tickMillis,
                minSessionTimeoutMillis,
                maxSessionTimeoutMillis,
                handshakeMillis,
                maxQueuedRequests,
                maxQueuedBytes,
                maxOutstandingRequests,
                maxLocalSessions,
                sessionRules,
                rules,
                digest,
                config);
    }

    /** The same with other bounds. */
    public DeskConfig withBounds(int queuedRequests, int queuedBytes, int outstandingRequests) {
        return new DeskConfig(
                self,
                tickMillis,
                minSessionTimeoutMillis,
                maxSessionTimeoutMillis,
                handshakeMillis,
                queuedRequests,
                queuedBytes,
                outstandingRequests,
                maxLocalSessions,
                sessionRules,
                rules,
                superDigest,
                znodes);
    }

    /** The same granting other sessions, {@code localSessions} of those that only this server knows at most. */
    public DeskConfig withSessions(SessionRules granted, int localSessions) {
        return new DeskConfig(
                self,
                tickMillis,
                minSessionTimeoutMillis,
                maxSessionTimeoutMillis,
                handshakeMillis,
                maxQueuedRequests,
                maxQueuedBytes,
                maxOutstandingRequests,
                localSessions,
                granted,
                rules,
                superDigest,
                znodes);
    }

    /** The same with rules that a test breaks. */
    public DeskConfig withRules(RequestRules other) {
        return new DeskConfig(
                self,
                tickMillis,
                minSessionTimeoutMillis,
                maxSessionTimeoutMillis,
                handshakeMillis,
                maxQueuedRequests,
                maxQueuedBytes,
                maxOutstandingRequests,
                maxLocalSessions,
                sessionRules,
                other,
                superDigest,
                znodes);
    }

    /** The timeout a client gets that asks for {@code wantedMillis} (client.md 3.2). */
    int clampTimeoutMillis(int wantedMillis) {
        return Math.max(minSessionTimeoutMillis, Math.min(maxSessionTimeoutMillis, wantedMillis));
    }
}
