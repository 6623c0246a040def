package io.matriarch.bench.candidates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(30)
class CableTest {
    @Test
    void silentCable_passesNothingOnAndClosesNothing_untilItIsHealed() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Cable cable = new Cable(server.getLocalPort())) {
            int port = Integer.parseInt(cable.connectString().split(":")[1]);
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
                    Socket accepted = server.accept()) {
                client.getOutputStream().write(1);
                assertThat(accepted.getInputStream().read()).isEqualTo(1);
                assertThat(cable.lastSentNanos()).isNotZero();
                cable.silence();
                client.getOutputStream().write(2);
                accepted.setSoTimeout(200);
                assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                cable.heal();
                assertThat(accepted.getInputStream().read()).as("closed").isEqualTo(-1);
            }
        }
    }

    @Test
    void timeoutBelowTwoTicks_isRefused() {
        StringWriter err = new StringWriter();
        int status = new CommandLine(new CandidatesCommand())
                .setErr(new PrintWriter(err))
                .execute("--session-timeout", "900", "--tick", "500");
        assertThat(status).isEqualTo(2);
        assertThat(err.toString()).contains("--session-timeout two ticks or more");
    }
}
