package io.matriarch.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    @Test
    void tasks_runInOrder_alsoWhenGivenFromWithinATask() {
        List<Integer> ran = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor(Runnable::run);
        serial.execute(() -> {
            serial.execute(() -> ran.add(2));
            ran.add(1);
        });
        serial.execute(() -> ran.add(3));
        assertThat(ran).containsExactly(1, 2, 3);
    }

    @Test
    void aTaskThatThrows_doesNotStopThoseBehindIt() throws InterruptedException {
        List<Object> seen = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor(Runnable::run);
        Thread thread = new Thread(() -> {
            serial.execute(() -> {
                throw new IllegalStateException("planted");
            });
            serial.execute(() -> seen.add("behind"));
        });
        thread.setUncaughtExceptionHandler((t, e) -> seen.add(e.getMessage()));
        thread.start();
        thread.join();
        assertThat(seen).containsExactly("planted", "behind");
    }

    @Test
    void executorThatTakesNothingAnyMore_isSaid() {
        ExecutorService ended = Executors.newSingleThreadExecutor();
        ended.shutdown();
        SerialExecutor serial = new SerialExecutor(ended);
        assertThat(serial.execute(() -> {})).isFalse();
        assertThat(serial.execute(() -> {})).as("and again").isFalse();
    }
}
