package io.matriarch.cli.elect;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.candidate.Candidacy;
import io.matriarch.candidate.CandidacyEvent;
import io.matriarch.candidate.ElectionSession;
import io.matriarch.testkit.TestEnsemble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One death wakes one candidate, and costs as many requests among a thousand as among ten (client.md 20.1, step 3). */
@Timeout(180)
class HerdTest {
    /** A long timeout, so that neither pings nor the leader's confirmations are counted with what a death costs. */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(60);

    private static final int SESSIONS = 10;
    private static final Pattern RECEIVED = Pattern.compile("zk_packets_received\t(\\d+)");

    private final BlockingQueue<CandidacyEvent> told = new LinkedBlockingQueue<>();

    @Test
    void deathAmongAThousand_wakesOne_andCostsNoMoreThanAmongTen() throws Exception {
        try (TestEnsemble ensemble = TestEnsemble.start(1)) {
            long amongTen = costOfADeath(ensemble, "/ten", 10);
            long amongAThousand = costOfADeath(ensemble, "/thousand", 1000);
            // The delete, one list with a confirmation, one look at the new predecessor; pings of ten sessions may come
            // in between.
            assertThat(amongTen).isBetween(4L, 4L + SESSIONS);
            assertThat(amongAThousand).isBetween(4L, 4L + SESSIONS);
        }
    }

    private long costOfADeath(TestEnsemble ensemble, String path, int count) throws Exception {
        List<ElectionSession> sessions = new ArrayList<>();
        List<Candidacy> candidates = new ArrayList<>();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                sessions.add(ElectionSession.builder(ensemble.connectString())
                        .sessionTimeout(SESSION_TIMEOUT)
                        .start());
            }
            for (int i = 0; i < count; i++) {
                candidates.add(sessions.get(i % SESSIONS)
                        .candidacy(path)
                        .listener(this::told)
                        .start());
                next(i == 0 ? CandidacyEvent.Leading.class : CandidacyEvent.Waiting.class);
            }
            told.clear();
            long before = received(ensemble);
            candidates.get(count / 2).close();
            assertThat(next(CandidacyEvent.Waiting.class)).isNotNull();
            long cost = received(ensemble) - before;
            assertThat(told).as("nobody else was woken").noneMatch(CandidacyEvent.Waiting.class::isInstance);
            return cost;
        } finally {
            sessions.forEach(ElectionSession::close);
            told.clear();
        }
    }

    private void told(CandidacyEvent event) {
        told.add(event);
    }

    private CandidacyEvent next(Class<? extends CandidacyEvent> type) throws InterruptedException {
        while (true) {
            CandidacyEvent event = told.poll(60, TimeUnit.SECONDS);
            assertThat(event).as("an event of type %s", type.getSimpleName()).isNotNull();
            if (type.isInstance(event)) {
                return event;
            }
        }
    }

    /** Requests of clients so far, pings among them. */
    private static long received(TestEnsemble ensemble) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), ensemble.server(1).clientPort())) {
            socket.getOutputStream().write("mntr".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher matcher = RECEIVED.matcher(answer);
            assertThat(matcher.find()).as(answer).isTrue();
            return Long.parseLong(matcher.group(1));
        }
    }
}
