package io.matriarch.cli.ensemble;

import io.matriarch.cli.contact.Address;
import io.matriarch.cli.contact.Network;
import io.matriarch.cli.contact.ServersOption;
import io.matriarch.core.tree.DataTree;
import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.client.Reply;
import io.matriarch.wire.client.Request;
import io.matriarch.wire.client.Response;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code matriarch ensemble verify}: joins as an observer in memory, and compares what it has with what the servers have. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Join a running ensemble as an observer in memory, and say whether its trees are equal.%n",
            "The leader sends its tree and every transaction; after each the digest of the tree here is compared with the "
                    + "leader's. Leaders before 3.6 give no digests: then, and with --full, every znode is read from every "
                    + "server and compared with the leader's tree, writes or no writes.%n",
            "The ensemble is not disturbed: the observer votes for nobody, counts for nothing, writes nothing to a disk, and "
                    + "leaves by closing its connection. Clients' sessions are opened and closed, no znode is written.%n",
            "Exit code: 0 equal, 1 not equal, 2 could not be verified."
        },
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  matriarch ensemble verify --servers zk1:2181,zk2:2181,zk3:2181",
            "  matriarch ensemble verify --config conf/zoo.cfg --full",
            "  matriarch ensemble verify --servers zk1:2181 --for 60      follow the leader for a minute",
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int DEFAULT_TIMEOUT_SECONDS = 10;

    /** A tree that was sent while writes went on may be beyond repair by what was written (disk.md 7); the next one need not be. */
    private static final int MAX_JOINS = 3;

    @Spec
    private CommandSpec spec;

    /** Without --config, the first that answers names the members. */
    @Mixin
    private ServersOption servers = new ServersOption(DEFAULT_TIMEOUT_SECONDS);

    @Option(
            names = "--config",
            paramLabel = "ZOO.CFG",
            description = "A configuration file of the ensemble, with server.N lines or the name of a dynamic file.")
    private @Nullable Path configFile;

    @Option(names = "--full", description = "Read every znode from every server too, though the leader gives digests.")
    private boolean isFull;

    @Option(
            names = "--for",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Follow the leader for so long before the verdict; default: until one digest was compared.")
    private int followSeconds;

    @Option(
            names = "--auth",
            paramLabel = "SCHEME:ID",
            description = "An identity for reading protected znodes, as in addauth: digest:user:password.")
    private List<String> identities = List.of();

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            description = "The local address for all connections; default: the system's choice.")
    private @Nullable InetAddress bindAddress;

    @Option(
            names = "--id",
            paramLabel = "N",
            description = "The observer's server id, of no member; default: the highest unused up to 254.")
    private @Nullable Long ownId;

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean isJson;

    @Override
    public Integer call() {
        checkArguments();
        Progress progress =
                new Progress(spec.commandLine().getErr(), Boolean.getBoolean("matriarch.terminal") && !isJson);
        VerifyReport report = new VerifyReport(spec.commandLine().getOut(), progress, isJson);
        try {
            return verify(servers.network(bindAddress), report, progress);
        } catch (CannotVerifyException e) {
            report.notCompared(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            report.notCompared("interrupted");
        }
        return ExitCode.USAGE;
    }

    private void checkArguments() {
        if (!servers.isGiven() && configFile == null) {
            throw new ParameterException(spec.commandLine(), "--servers or --config is missing");
        }
        if (followSeconds < 0) {
            throw new ParameterException(spec.commandLine(), "--for is 0 or more");
        }
        for (String identity : identities) {
            if (identity.indexOf(':') <= 0) {
                throw new ParameterException(spec.commandLine(), "--auth must read SCHEME:ID");
            }
        }
    }

    private int verify(Network network, VerifyReport report, Progress progress)
            throws CannotVerifyException, InterruptedException {
        List<Address> clientAddresses = servers.named();
        Membership members = configFile != null ? Membership.read(configFile) : membersFrom(clientAddresses, network);
        if (clientAddresses.isEmpty()) {
            clientAddresses = List.copyOf(members.clientAddresses().values());
        }
        long id = ownId != null ? ownId : members.unusedId();
        if (members.quorumAddresses().containsKey(id)) {
            throw new CannotVerifyException("server " + id + " is a member; choose an --id that is not");
        }
        for (int joins = 1; ; joins++) {
            try (MemoryObserver observer = MemoryObserver.join(members, id, network, progress)) {
                report.joined(observer, id);
                Verification verification =
                        new Verification(observer, clientAddresses, network, identities, report, progress);
                verification.followLeader(followSeconds);
                if (observer.shadow().isDoubtful() && joins < MAX_JOINS) {
                    report.doubtful(observer.shadow());
                } else {
                    return verdict(observer.shadow(), verification, report);
                }
            }
        }
    }

    private int verdict(Shadow shadow, Verification verification, VerifyReport report)
            throws CannotVerifyException, InterruptedException {
        report.digest(shadow);
        if (isFull || shadow.comparedCount() == 0) {
            verification.compareServers();
        }
        Boolean isEqual = verification.isEqual();
        report.result(isEqual, shadow);
        if (isEqual == null) {
            return ExitCode.USAGE;
        }
        return isEqual ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** The members, from the znode that every server shows (zab.md 14). */
    private Membership membersFrom(List<Address> clientAddresses, Network network) throws CannotVerifyException {
        List<String> refusals = new ArrayList<>();
        for (Address address : clientAddresses) {
            try (ReadingSession session = new ReadingSession(address, network, identities)) {
                Reply reply = session.ask(new Request.GetData(DataTree.CONFIG, false));
                if (reply.body() instanceof Response.Data data && data.data() != null) {
                    return Membership.parse(data.data().asUtf8(), DataTree.CONFIG + " of " + address);
                }
                refusals.add(address + " does not tell its members (" + ErrorCode.name(reply.err())
                        + "): name a zoo.cfg with --config");
            } catch (CannotVerifyException e) {
                refusals.add(String.valueOf(e.getMessage()));
            }
        }
        throw new CannotVerifyException("no server named the members:\n  " + String.join("\n  ", refusals));
    }
}
