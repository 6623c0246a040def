package io.matriarch.server.tls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.matriarch.server.config.KeyStoreFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A certification authority of a test that can take certificates back, and says so over HTTP on the loopback. */
final class Authority implements AutoCloseable {
    private static final String PASSWORD = Certificates.PASSWORD;

    private final Path dir;
    private final Path store;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<X509Certificate> revoked = new CopyOnWriteArrayList<>();
    private final CountDownLatch isOver = new CountDownLatch(1);
    private volatile byte[] list = new byte[0];

    /** Where a certificate says that one may ask about it. */
    enum Place {
        NONE,
        LIST,
        RESPONDER,
        /** Takes the question for its list and never answers. */
        SILENT
    }

    Authority(Path dir) throws IOException {
        this.dir = dir;
        this.store = dir.resolve("authority.p12");
        this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/" + Place.LIST, exchange -> answer(exchange, list));
        http.createContext("/" + Place.RESPONDER, exchange -> answer(exchange, status(exchange)));
        http.createContext("/" + Place.SILENT, this::stayMute);
        http.setExecutor(threads);
        http.start();
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=authority", "-ext", "bc:c");
    }

    /** A key with a certificate of this authority. */
    KeyStoreFile issue(String name, Place place) throws GeneralSecurityException, IOException {
        List<String> arguments = new ArrayList<>(List.of("-genkeypair", "-alias", name, "-signer", "ca"));
        arguments.addAll(List.of("-dname", "CN=" + name, "-ext", "san=dns:localhost"));
        String url = "http://127.0.0.1:" + http.getAddress().getPort() + "/" + place;
        if (place != Place.NONE) {
            arguments.addAll(List.of("-ext", (place == Place.RESPONDER ? "aia=ocsp:uri:" : "crl=uri:") + url));
        }
        keytool(arguments.toArray(new String[0]));
        KeyStore all = open();
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        char[] password = PASSWORD.toCharArray();
        own.setKeyEntry(name, all.getKey(name, password), password, all.getCertificateChain(name));
        return saved(own, name);
    }

    /** What was issued before. */
    KeyStoreFile key(String name) {
        return new KeyStoreFile(dir.resolve(name + ".p12"), PASSWORD, KeyStoreFile.Type.PKCS12);
    }

    /** A store that trusts this authority and these certificates. */
    KeyStoreFile trusted(KeyStoreFile... others) throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", open().getCertificate("ca"));
        for (KeyStoreFile other : others) {
            trust.setCertificateEntry("other", chain(other).get(0));
        }
        return saved(trust, "trust-" + others.length);
    }

    /** The certificates that a server with this key shows. */
    static List<X509Certificate> chain(KeyStoreFile key) throws GeneralSecurityException, IOException {
        KeyStore keys = StoredKeys.read(key);
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate each : keys.getCertificateChain(keys.aliases().nextElement())) {
            chain.add((X509Certificate) each);
        }
        return chain;
    }

    /** Takes certificates back, before anybody asks: who asks caches the list. */
    void revoke(String... names) throws GeneralSecurityException, IOException {
        List<String> arguments = new ArrayList<>(List.of("-gencrl", "-alias", "ca"));
        for (String name : names) {
            X509Certificate certificate = (X509Certificate) open().getCertificate(name);
            revoked.add(certificate);
            arguments.addAll(List.of("-id", certificate.getSerialNumber() + ":1"));
        }
        Path file = dir.resolve("list.crl");
        arguments.addAll(List.of("-file", file.toString()));
        keytool(arguments.toArray(new String[0]));
        list = Files.readAllBytes(file);
    }

    @Override
    public void close() {
        isOver.countDown();
        http.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void stayMute(HttpExchange exchange) {
        try (exchange) {
            isOver.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] status(HttpExchange exchange) throws IOException {
        byte[] question;
        if (exchange.getRequestMethod().equals("GET")) {
            String text = exchange.getRequestURI()
                    .getRawPath()
                    .substring(Place.RESPONDER.name().length() + 2);
            question = Base64.getDecoder().decode(URLDecoder.decode(text, StandardCharsets.US_ASCII));
        } else {
            question = exchange.getRequestBody().readAllBytes();
        }
        try {
            KeyStore all = open();
            PrivateKey key = (PrivateKey) all.getKey("ca", PASSWORD.toCharArray());
            return OcspAnswer.to(question, revoked, key, (X509Certificate) all.getCertificate("ca"));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private KeyStore open() throws GeneralSecurityException, IOException {
        return StoredKeys.read(new KeyStoreFile(store, PASSWORD, KeyStoreFile.Type.PKCS12));
    }

    private KeyStoreFile saved(KeyStore keys, String name) throws GeneralSecurityException, IOException {
        KeyStoreFile file = key(name);
        try (OutputStream out = Files.newOutputStream(file.location())) {
            keys.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private void keytool(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (arguments[0].equals("-genkeypair")) {
            all.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"));
        }
        all.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Certificates.keytool(all);
    }
}
