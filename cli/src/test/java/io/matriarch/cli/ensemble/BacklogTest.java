package io.matriarch.cli.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.wire.Zxid;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BacklogTest {
    private final Backlog backlog = new Backlog(100);

    @Test
    void aFullOneLetsThePuttingThreadWait() throws Exception {
        assertThat(backlog.put(entry(1, 100))).isTrue();
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> put(2));
        assertThatThrownBy(() -> second.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(backlog.take(System.nanoTime()).zxid()).isEqualTo(new Zxid(1));
        assertThat(second.get()).isTrue();
        assertThat(backlog.take(System.nanoTime()).zxid()).isEqualTo(new Zxid(2));
    }

    @Test
    void whenNobodyTakesAnyMoreNobodyWaits() throws InterruptedException, ExecutionException {
        backlog.put(entry(1, 100));
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> put(2));
        backlog.leave();
        assertThat(second.get()).isFalse();
    }

    @Test
    void whatCameBeforeTheEndIsTakenFirst() throws Exception {
        backlog.put(entry(1, 1));
        backlog.end("lost it");
        assertThat(backlog.take(System.nanoTime())).isNotNull();
        assertThatThrownBy(() -> backlog.take(System.nanoTime())).hasMessage("lost it");
    }

    private boolean put(long zxid) {
        try {
            return backlog.put(entry(zxid, 1));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Backlog.Entry entry(long zxid, int bytes) {
        return new Backlog.Entry(new Zxid(zxid), null, bytes);
    }
}
