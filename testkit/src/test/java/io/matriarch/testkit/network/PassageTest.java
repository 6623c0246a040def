package io.matriarch.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the two ends of a connection through a relay part. */
@Timeout(30)
class PassageTest {
    private static final int MOST_WRITES = 2_000;
    private static final long PAUSE_NANOS = 1_000_000;

    @Test
    @SuppressWarnings("try") // that it closes early is what this is about
    void aSideThatIsGoneAfterItEndedItsOutputLeavesNothingOpen() throws IOException {
        try (Network network = new Network();
                ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Link link = network.link("link");
            Relay relay = network.relay(link, 0, target::getLocalPort);
            try (Socket near = new Socket(InetAddress.getLoopbackAddress(), relay.port());
                    Socket far = target.accept()) {
                near.shutdownOutput();
                assertThat(far.getInputStream().read()).isEqualTo(-1);

                near.setSoLinger(true, 0);
                near.close();

                // What the far side still writes shows the relay that nobody is there.
                assertThat(isResetWhileWriting(far)).isTrue();
                while (link.connections() > 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static boolean isResetWhileWriting(Socket socket) {
        try {
            for (int i = 0; i < MOST_WRITES; i++) {
                socket.getOutputStream().write(i);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return false;
        } catch (IOException reset) {
            return true;
        }
    }
}
