// Steps 2 and 5 of check.sh: the note's signatures and the content's, with
// the X.509 chains of their keys.
#include "client/export/unpack_script.h"

namespace dataip::client::internal {

const char kCheckSignatures[] = R"sh(
# Reads the checkpoint as three lines, a blank one and signature lines:
# `size`, `tree_root`, and $work/line.N with its .name for each of `lines`.
read_checkpoint() {
  [ "$(tr -cd '\000-\011\013-\037\177' <checkpoint | wc -c)" -eq 0 ] &&
    [ "$(tail -c 1 checkpoint | hex_of)" = 0a ] || fail "not a signed note"
  head -n 4 checkpoint >"$work/top"
  { cat checkpoint.text; printf '\n'; } >"$work/text"
  [ "$(wc -l <"$work/top")" -eq 4 ] && same "$work/top" "$work/text" ||
    fail "checkpoint.text is not the note's text of three lines"
  [ "$(head -n 1 checkpoint | tr -d '\n' | hex_of)" = \
    "$(whole_hex trust/origin)" ] || fail "the checkpoint is of another ledger"
  size=$(tail -n +2 checkpoint | head -n 1)
  case $size in '' | *[!0-9]* | 0*) fail "the size is not a number" ;; esac
  natural "$size" "the size"
  root_line=$(tail -n +3 checkpoint | head -n 1)
  printf %s "$root_line" | base64 -d >"$work/root" 2>/dev/null
  tree_root=$(whole_hex "$work/root")
  [ "${#tree_root}" -eq 64 ] &&
    [ "$(base64 -w 0 "$work/root")" = "$root_line" ] ||
    fail "the root is not 32 bytes of base64"
  lines=0 dash=$(printf '\342\200\224')
  tail -n +5 checkpoint >"$work/lines"
  while IFS= read -r line; do
    case $line in
      "$dash "*" "*) ;;
      *) fail "a line of the note is no signature" ;;
    esac
    line=${line#"$dash "} own=$work/line.$lines
    printf %s "${line%% *}" >"$own.name"
    printf %s "${line#* }" | base64 -d >"$own" 2>/dev/null
    [ "$(base64 -w 0 "$own")" = "${line#* }" ] &&
      [ "$(size_of "$own")" -gt 4 ] ||
      fail "a signature line is not base64"
    lines=$((lines + 1))
  done <"$work/lines"
}

# line_holds LINE: the one line of $key; sets `chain_head` by an SM2 line
line_holds() {
  cat checkpoint.text >"$work/message"
  skip=5
  case $algorithm in
    sm2)
      chain_head=$(hex "$1" 4 32) skip=37
      unhex "$chain_head" >>"$work/message"
      ;;
    cosignature)
      read_number "$1" 4 8
      skip=13
      { printf 'cosignature/v1\ntime %s\n' "$number"; cat checkpoint.text
      } >"$work/message"
      ;;
  esac
  tail -c "+$skip" "$1" >"$work/sig"
  holds "$algorithm" "$key" "$work/message" "$work/sig" ||
    fail "a signature of $name does not hold"
}

# check_lines NAMED TYPE-BYTES KEY-BYTES: every line of $key, which bears the
# name in the file NAMED, holds; `signed` says whether there is one.
check_lines() {
  { cat "$1"; printf '\n'; unhex "$2"; raw_key "$key" "$3"; } >"$work/named"
  id=$(sha256 "$work/named" | cut -c 1-8) at=0 signed=no
  while [ "$at" -lt "$lines" ]; do
    line=$work/line.$at at=$((at + 1))
    same "$1" "$line.name" && [ "$(hex "$line" 0 4)" = "$id" ] || continue
    if [ $signed = yes ]; then
      same "$line" "$first" || fail "two lines of $name differ"
      continue
    fi
    signed=yes first=$line
    line_holds "$line"
  done
}

step_2() {
  read_checkpoint
  quorum=$(cat trust/quorum)
  natural "$quorum" trust/quorum
  keys=0 witnesses=0 chain_head=
  for key in trust/ledger-*.pem; do
    [ -f "$key" ] || cannot "no key of the ledger" "缺少账本密钥"
    name=$(basename "$key" .pem)
    algorithm=${name##*-}
    case $algorithm in
      ed25519) check_lines trust/origin 01 32 ;;
      sm2) check_lines trust/origin "ff$(hex_text dataip.sm2sm3.v1)" 65 ;;
      *) cannot "$key is of another kind" "密钥种类未知" ;;
    esac
    [ $signed = yes ] || fail "$name has not signed"
    same "$work/sig" "checkpoint.sig/$name" ||
      fail "checkpoint.sig/$name is not the note's"
    keys=$((keys + 1))
  done
  [ -n "$chain_head" ] && [ "$keys" -ge 2 ] ||
    cannot "fewer than two ledger keys" "账本密钥不足两把"
  [ "$(whole_hex checkpoint.chain_head)" = "$chain_head" ] ||
    fail "checkpoint.chain_head is not that of the SM2 line"
  algorithm=cosignature
  for key in trust/witness-*.pem; do
    [ -f "$key" ] || continue
    name=$(basename "$key" .pem)
    check_lines "trust/$name.name" 04 32
    [ $signed = no ] || witnesses=$((witnesses + 1))
  done
  [ "$witnesses" -ge "$quorum" ] ||
    fail "$witnesses witnesses, the trust file asks for $quorum"
  [ "$witnesses" -gt 0 ] || witnesses="not witnessed: 0"
  good "checkpoint of size $size, $keys ledger keys, $witnesses witnesses"
}

# certified CERTIFICATE ROLE BELOW: form and use of one certificate of
# $algorithm: `leaf`, or `issuer` of a chain with BELOW authorities under it
certified() {
  look=$(openssl x509 -in "$1" -noout -text -certopt \
    no_serial,no_subject,no_issuer,no_validity,no_extensions,no_sigdump,no_aux)
  case $algorithm:$look in
    sm2:*"Signature Algorithm: SM2-with-SM3"*"ASN1 OID: SM2"*) ;;
    p256:*"Signature Algorithm: ecdsa-with-SHA256"*"ASN1 OID: prime256v1"*) ;;
    *) return 1 ;;
  esac
  uses=$(openssl x509 -in "$1" -noout \
    -ext basicConstraints,keyUsage,extendedKeyUsage 2>/dev/null)
  case $2:$uses in
    *"TLS Web"* | *"Any Extended Key Usage"*) return 1 ;;
    leaf:*CA:TRUE* | leaf:*"Certificate Sign"*) return 1 ;;
    leaf:*"Digital Signature"*) return 0 ;;
    issuer:*CA:TRUE*"Certificate Sign"*) ;;
    *) return 1 ;;
  esac
  case $uses in
    *pathlen:*)
      limit=${uses#*pathlen:}
      limit=${limit%%[!0-9]*}
      natural "$limit" pathlen
      [ "$3" -le "$limit" ]
      ;;
  esac
}

# issued CERTIFICATE ISSUERS: signed by one of them, both in their time
issued() {
  # shellcheck disable=SC2086
  openssl verify -no-CApath -no-CAstore -partial_chain -x509_strict $options \
    -attime $((time_ms / 1000)) -CAfile "$2" "$1" >/dev/null 2>&1
}

# anchored CERTIFICATE BELOW: issued by an authority of the trust file
anchored() {
  rm -f "$work"/anchor.*
  csplit -s -z -f "$work/anchor." "trust/issuing-$algorithm.pem" \
    '/^-----BEGIN CERTIFICATE-----/' '{*}'
  for anchor in "$work"/anchor.*; do
    ! issued "$1" "$anchor" || ! certified "$anchor" issuer "$2" || return 0
  done
  return 1
}

# check_chain: leaf, its issuers in order, none twice and none to spare. Link
# by link: -vfyopt reaches the certificate that is asked about only.
check_chain() {
  last='' below=0 digests=' '
  for der in "content.$algorithm.chain"/*; do
    openssl x509 -inform DER -in "$der" >"$work/issuer.pem" 2>/dev/null &&
      openssl x509 -in "$work/issuer.pem" -outform DER >"$work/der" &&
      same "$work/der" "$der" || fail "$der is not a certificate"
    digest=$(sha256 "$der")
    case $digests in *" $digest "*) fail "$der stands twice" ;; esac
    digests="$digests$digest "
    if [ -z "$last" ]; then
      certified "$work/issuer.pem" leaf 0 || fail "$der is not for signing"
    else
      certified "$work/issuer.pem" issuer "$below" ||
        fail "$der is not an authority for this chain"
      issued "$last" "$work/issuer.pem" || fail "$der did not issue the last"
      ! issued "$last" "trust/issuing-$algorithm.pem" ||
        fail "$der is not needed: the trust file's issued the one before"
      below=$((below + 1))
    fi
    last=$work/$(basename "$der").pem
    cat "$work/issuer.pem" >"$last"
  done
  anchored "$last" "$below" ||
    fail "the $algorithm certificate does not lead to the trust file's"
}

step_5() {
  header issue.header
  { printf 'dataip.certificate.v1\000'; cat origin; printf '\000'
    cat content; } >"$work/message"
  for algorithm in sm2 p256; do
    options='' id_field=19 prefix=02
    if [ $algorithm = sm2 ]; then
      options="-vfyopt $sm2_id" id_field=18 prefix=01
    fi
    check_chain
    openssl x509 -in "$work/000.pem" -noout -pubkey >"$work/key.pem"
    { unhex $prefix; raw_key "$work/key.pem" 65; } >"$work/raw"
    read_field content $id_field
    [ "$(hex_text "$(sha256 "$work/raw")")" = "$found" ] ||
      fail "the $algorithm key is not the issuing key of the content"
    holds $algorithm "$work/key.pem" "$work/message" content.$algorithm.sig ||
      fail "the $algorithm signature of the content does not hold"
  done
  good "content signed with SM2 and P-256 by the issuing authority"
}
)sh";

}  // namespace dataip::client::internal
