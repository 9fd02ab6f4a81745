package org.mizuhiki.apps.role;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import picocli.CommandLine.Option;

/// What a new region is and where its servers will be.
final class FoundOptions {
    @Option(names = "--folder", required = true, paramLabel = "DIR", description = "認証局のフォルダー / the authority's folder")
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Option(names = "--region", required = true, paramLabel = "NAME", description = "地域の名 / the region's name")
    @SuppressWarnings("NullAway.Init")
    String region;

    @Option(
            names = "--plain",
            required = true,
            paramLabel = "URL",
            description = "失効情報などの公開先 http://… / where CRL, OCSP and stamps are served")
    @SuppressWarnings("NullAway.Init")
    URI plain;

    @Option(names = "--witness", paramLabel = "NAME=KEY", description = "立会人の名と公開鍵（base64） / a witness and its key")
    Map<String, String> witnesses = new LinkedHashMap<>();

    @Option(names = "--authority", required = true, paramLabel = "URL", description = "認証局 / the authority")
    @SuppressWarnings("NullAway.Init")
    URI authority;

    @Option(names = "--keys", required = true, paramLabel = "URL", description = "鍵サーバー / the key server")
    @SuppressWarnings("NullAway.Init")
    URI keys;

    @Option(names = "--store", required = true, paramLabel = "URL", description = "保管サーバー / the store")
    @SuppressWarnings("NullAway.Init")
    URI store;

    @Option(
            names = "--gateway",
            required = true,
            paramLabel = "URL",
            description = "医療機関の窓口 / the institution's gateway")
    @SuppressWarnings("NullAway.Init")
    URI gateway;

    @Option(names = "--centre", paramLabel = "URL", description = "接続管理センター（VPN） / the VPN's centre")
    private @Nullable URI centre;

    @Option(names = "--mail", paramLabel = "URL", description = "メールサーバー（役割 edge） / the mail server (role edge)")
    private @Nullable URI mail;

    Founding founding() {
        var named = new LinkedHashMap<String, Bytes>();
        witnesses.forEach((name, key) -> named.put(name, Bytes.base64(key)));
        var servers = new Founding.Addresses(
                authority, keys, store, gateway, Optional.ofNullable(centre), Optional.ofNullable(mail));
        return new Founding(folder, region, plain, named, servers);
    }
}
