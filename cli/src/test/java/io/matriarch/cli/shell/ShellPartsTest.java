package io.matriarch.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.testkit.TestServer;
import io.matriarch.testkit.junit.Matriarch;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jline.reader.Candidate;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a terminal adds: completion, news between commands, no control characters. */
@Matriarch
class ShellPartsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Screen screen = new Screen(new PrintWriter(out), new PrintWriter(err), Screen.Style.PLAIN, true);
    private Session session;
    private Shell shell;

    @BeforeEach
    void connect(TestServer server) throws Exception {
        Session.Terms terms = new Session.Terms(10_000, 20_000, true, false, new ZKClientConfig());
        session = new Session(screen, terms, server.connectString());
        session.connect(server.connectString());
        shell = new Shell(session, screen, "Matriarch under test");
    }

    @AfterEach
    void close() {
        session.close();
    }

    private List<String> completed(String line) throws Exception {
        List<Candidate> candidates = new ArrayList<>();
        DefaultParser parser = new DefaultParser();
        try (DumbTerminal terminal = new DumbTerminal(InputStream.nullInputStream(), OutputStream.nullOutputStream())) {
            new Completion(shell)
                    .complete(
                            new LineReaderImpl(terminal),
                            parser.parse(line, line.length(), Parser.ParseContext.COMPLETE),
                            candidates);
        }
        return candidates.stream().map(Candidate::value).toList();
    }

    @Test
    void completesCommandsOptionsAndPaths() throws Exception {
        shell.execute("create /completed");
        shell.execute("create /completed/one");
        shell.execute("create /completed/two");

        assertThat(completed("")).contains("ls", "get", "removewatches");
        assertThat(completed("help ")).contains("ls", "get");
        assertThat(completed("get -")).containsExactly("-s", "-w", "-b", "-x");
        assertThat(completed("setquota -")).containsExactly("-n", "-b", "-N", "-B");
        assertThat(completed("get ")).contains("/completed", "/zookeeper");
        assertThat(completed("get /com")).containsExactly("/completed");
        assertThat(completed("ls -s /completed/")).containsExactly("/completed/one", "/completed/two");
        assertThat(completed("ls /completed/t")).containsExactly("/completed/two");
        assertThat(completed("get /none/")).isEmpty();
        assertThat(completed("whoami ")).isEmpty();
        session.close();
        assertThat(completed("get /")).isEmpty();
    }

    @Test
    void watchesAreToldAboveTheLineThatIsTyped_unlessSwitchedOff() throws Exception {
        BlockingQueue<String> above = new LinkedBlockingQueue<>();
        screen.printAbove(above::add);
        shell.execute("create /watched");
        shell.execute("addWatch /watched");
        shell.execute("set /watched 1");
        assertThat(above.poll(20, TimeUnit.SECONDS))
                .startsWith(
                        "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:NodeDataChanged path:/watched zxid: ");
        shell.execute("printwatches off");
        shell.execute("set /watched 2");
        awaitEventThread();
        shell.execute("printwatches on");
        shell.execute("create /watched/child");
        assertThat(above.poll(20, TimeUnit.SECONDS)).contains("type:NodeCreated path:/watched/child");
    }

    /** Answers come on the thread of the events, after those that came before. */
    private void awaitEventThread() throws Exception {
        CompletableFuture<Integer> answered = new CompletableFuture<>();
        session.zooKeeper().exists("/", false, (code, path, context, stat) -> answered.complete(code), null);
        answered.get(20, TimeUnit.SECONDS);
    }

    @Test
    void lostServerIsTold(TestServer server) throws Exception {
        BlockingQueue<String> above = new LinkedBlockingQueue<>();
        screen.printAbove(above::add);
        server.clientLink().cut();
        assertThat(above.poll(20, TimeUnit.SECONDS)).isEqualTo("Connection lost; looking for another server");
        server.clientLink().heal();
    }

    @Test
    void storedControlCharactersDoNotReachTheTerminal() {
        shell.execute("create /evil \u001b]0;owned\u0007\u009b2J");
        shell.execute("get /evil");
        assertThat(out.toString()).endsWith("\\x1b]0;owned\\x07\\x9b2J\n");
    }
}
