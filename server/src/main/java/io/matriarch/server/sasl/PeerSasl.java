package io.matriarch.server.sasl;

import io.matriarch.server.config.QuorumSasl;
import io.matriarch.server.link.Gate;
import io.matriarch.server.link.RepeatedWarnings;
import io.matriarch.wire.election.HostPort;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/**
 * Authentication on the election and quorum ports, by DIGEST-MD5 with Apache's names. It comes right before the first
 * frame or packet: behind the opening on the election port. For the replica thread only.
 */
public final class PeerSasl implements Gate {
    static final String MECHANISM = "DIGEST-MD5";
    static final String PROTOCOL = "zookeeper-quorum";
    static final String SERVER_NAME = "zk-quorum-sasl-md5";

    private final QuorumSasl config;
    private final RepeatedWarnings warnings;
    private final int timeoutMillis;

    /** @param timeoutMillis how long the other side may take */
    public PeerSasl(QuorumSasl config, RepeatedWarnings warnings, int timeoutMillis) {
        this.config = config;
        this.warnings = warnings;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public void accepted(Channel channel, Gate.Passage passage) {
        channel.pipeline().addLast(new SaslAcceptor(config, timeoutMillis, told(channel, passage)));
    }

    /**
     * Says who we are to a server that we dialled. Deviation: also to servers outside the configuration, so that nothing
     * is ever exchanged without it.
     */
    @Override
    public void dialled(Channel channel, HostPort address, Gate.Passage passage) {
        if (!config.authenticates()) {
            passage.ready();
        } else {
            channel.pipeline().addLast(new SaslInitiator(config, timeoutMillis, told(channel, passage)));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a refused connection is gone whatever closing it says
    private Gate.Passage told(Channel channel, Gate.Passage passage) {
        String who = channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "an unknown address";
        return new Gate.Passage() {
            @Override
            public void ready() {
                passage.ready();
            }

            @Override
            public void refused(String why) {
                String text = "no SASL with the server at " + who + ": " + why;
                if (why.equals(SaslStage.HUNG_UP)) {
                    warnings.warnIfRepeated(text);
                } else {
                    warnings.warn(text);
                }
                passage.refused(why);
                channel.close();
            }
        };
    }
}
