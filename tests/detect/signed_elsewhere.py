"""Messages signed by an independent program (dkimpy 1.1.8) with a throw-away key, as judges of our own check."""

KEYS = {
    "probe._domainkey.example.org": (
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCycyPG9J+2yNWHGIga+d3c+QSCeVG3aC4xRhPbGMZgUpaRvsjTuZmQ"
        "m59DwM8hNdiqJs54m3TpYdpI0Y/9uJglxdx2K6kyFNB6Q8jdIJpwVaR4xC1HyfhxUtdNu8pu2RcHrRXyfACQ8TRc0G2EEcX1OeBHdiERvZwn9J"
        "P8X+P2NQIDAQAB"
    )
}
SIMPLE = (
    b"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=example.org;\r\n i=@example.org; q=dns/txt; s=probe; t=179"
    b"5332690; h=from : to : date;\r\n bh=hgBQtIFbMAHRPHw+6lE1ZBYjZpp+MI2WmtbbfWAaLNc=;\r\n b=XqI1DHp/+Fby8a0atjmCi1MlqF"
    b"akxkl5cT7JaAUJpiHAHqTjv8F9hTt3tkMgSHTdu+dN1\r\n /ij9nT3UGWFnQoNc9OHEdgurvfVvxjBP3W2O6M+uBuM+9xedBYtXOfDA8772/fMT"
    b"l2jXumz\r\n 4BaH1zcxoLo3MvM67kQLs3iRq+dewj4=\r\nFrom: Sara <sara@example.org>\r\nTo: desk@karvan.example\r\nSubject: M"
    b"onday\r\nDate: Fri, 13 Nov 2026 09:00:00 +0100\r\nMessage-ID: <1@example.org>\r\n\r\nSee you  on Monday. \r\n\r\n\r\n"
)
SEALED = (
    b"ARC-Seal: i=1; cv=none; a=rsa-sha256; d=example.org; s=probe;\r\n t=1795332690;\r\n b=FwQc2v9KO8pYWws7W47XBZicXFrV"
    b"LII6iJrkd5Mrr1HI39UmBmxcEzE8Lx7pF2n7na6Lk\r\n GtjLUoZYDSPlEcnj2P0RyOVFgr6snmZp5DXA8/1x5UFHpuUX1njI45hnXWSnghsbhL"
    b"AT+mJ\r\n 1jyhu+FcBKnMZvvUac7VS8H+D0lrveo=\r\nARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=exa"
    b"mple.org; s=probe; t=1795332690; h=from : subject;\r\n bh=sSUCf/ESeT8mKimhoKLQ0MKv0THB25bzG1Mvjfw7zhA=;\r\n b=UR8U"
    b"Qj52S7OJHJmeYSaTQ1pwOxyTK674VsId8A4An+vfmq1Z+rT7TDNoxdcWgh8ZIKSEK\r\n eeZE46nVA/hShVa4MIMql2gb4Qtscad82/G/jKAScp"
    b"a/g94C7+HhCrZR3vvjPJdzhwdgudz\r\n My2YyAXTLzm5nK9Pw5EWP1NRN0P8jCI=\r\nARC-Authentication-Results: i=1; mx.example."
    b"org;\r\n spf=pass smtp.mailfrom=example.org\r\nAuthentication-Results: mx.example.org; spf=pass smtp.mailfrom=exam"
    b"ple.org\r\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;\r\n i=@example.org; q=dns/txt; s=p"
    b"robe; t=1795332690; h=from : subject :\r\n date; bh=sSUCf/ESeT8mKimhoKLQ0MKv0THB25bzG1Mvjfw7zhA=;\r\n b=fiM7UFBXl/"
    b"yjRu9Vm7YpqBhO4Ci+0XXMfLpUTO6hVqIQZ6nJaFcnovxYQwbjh5Ftfmg8U\r\n kH+kfly6annCpSOEYFv0pTxi6X86ra5jdLiz/ZYvp4Fa+XyE"
    b"NhfKP0BbrqXjMZcNbNZQNYT\r\n 0vGaWI6F0S2cSHjakLj/J6cqBu/MjYA=\r\nFrom: Sara <sara@example.org>\r\nTo: desk@karvan.exa"
    b"mple\r\nSubject: Monday\r\nDate: Fri, 13 Nov 2026 09:00:00 +0100\r\nMessage-ID: <1@example.org>\r\n\r\nSee you  on Monda"
    b"y. \r\n\r\n\r\n"
)
