#include <openssl/x509_vfy.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/openssl.h"
#include "core/crypto/pem.h"
#include "core/crypto/verify.h"
#include "core/crypto/x509.h"

namespace dataip::crypto {
namespace {

using StorePtr = std::unique_ptr<X509_STORE, Freer<X509_STORE_free>>;
using StoreCtxPtr = std::unique_ptr<X509_STORE_CTX, Freer<X509_STORE_CTX_free>>;

// Borrows the certificates.
struct StackFreer {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using StackPtr = std::unique_ptr<STACK_OF(X509), StackFreer>;

absl::Status Refused(absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("certificate chain refused: ", why));
}

// Key and signature of the one algorithm, in the one encoding. OpenSSL would
// take any algorithm and, for P-256, any DER it can read.
absl::Status CheckAlgorithm(const X509& x509, Algorithm algorithm) {
  ASSIGN_OR_RETURN(const PublicKey key, PublicKeyOf(x509));
  if (key.algorithm() != algorithm) {
    return Refused("a key of another algorithm");
  }
  const int expected =
      algorithm == Algorithm::kSm2 ? NID_SM2_with_SM3 : NID_ecdsa_with_SHA256;
  if (X509_get_signature_nid(&x509) != expected) {
    return Refused("a signature of another algorithm");
  }
  const ASN1_BIT_STRING* signature = nullptr;
  X509_get0_signature(&signature, nullptr, &x509);
  const Bytes der(ASN1_STRING_get0_data(signature),
                  static_cast<size_t>(ASN1_STRING_length(signature)));
  if (!IsStrictSignature(algorithm, der)) {
    return Refused("a signature that is not strict DER");
  }
  return absl::OkStatus();
}

absl::Status CheckNotForTls(X509& x509) {
  constexpr uint32_t kTls = XKU_SSL_SERVER | XKU_SSL_CLIENT | XKU_ANYEKU;
  if ((X509_get_extension_flags(&x509) & EXFLAG_XKUSAGE) != 0 &&
      (X509_get_extended_key_usage(&x509) & kTls) != 0) {
    return Refused("a certificate of it is for TLS");
  }
  return absl::OkStatus();
}

absl::Status CheckLeaf(X509& leaf) {
  const uint32_t flags = X509_get_extension_flags(&leaf);
  if (X509_check_ca(&leaf) != 0) return Refused("the leaf is an authority");
  if ((flags & EXFLAG_KUSAGE) == 0 ||
      (X509_get_key_usage(&leaf) & KU_DIGITAL_SIGNATURE) == 0) {
    return Refused("the leaf is not for digital signatures");
  }
  return CheckNotForTls(leaf);
}

absl::Status CheckAuthority(X509& authority) {
  const uint32_t flags = X509_get_extension_flags(&authority);
  if (X509_check_ca(&authority) != 1 || (flags & EXFLAG_KUSAGE) == 0 ||
      (X509_get_key_usage(&authority) & KU_KEY_CERT_SIGN) == 0) {
    return Refused("an issuer is not a certificate authority");
  }
  return CheckNotForTls(authority);
}

absl::StatusOr<StorePtr> AnchorStore(const ChainToVerify& chain) {
  StorePtr store(X509_STORE_new());
  if (store == nullptr) return OpenSslFailure("making a certificate store");
  bool any = false;
  for (const std::string& pem : chain.anchors_pem) {
    ASSIGN_OR_RETURN(const Certificate anchor, ParseCertificatePem(pem));
    if (anchor.public_key.algorithm() != chain.algorithm) continue;
    ASSIGN_OR_RETURN(const X509Ptr x509, ReadX509(hash::AsBytes(anchor.der)));
    RETURN_IF_ERROR(CheckAlgorithm(*x509, chain.algorithm));
    RETURN_IF_ERROR(CheckAuthority(*x509));
    if (X509_STORE_add_cert(store.get(), x509.get()) != 1) {
      return OpenSslFailure("adding a trust anchor");
    }
    any = true;
  }
  if (!any) return Refused("no trust anchor of this algorithm");
  return store;
}

absl::StatusOr<std::vector<X509Ptr>> ReadIntermediates(
    const ChainToVerify& chain) {
  if (chain.intermediates_der.size() > limits::kCertificatesPerChain) {
    return Refused("too many certificates");
  }
  std::vector<X509Ptr> intermediates;
  for (const std::string& der : chain.intermediates_der) {
    ASSIGN_OR_RETURN(X509Ptr x509, ReadX509(hash::AsBytes(der)));
    RETURN_IF_ERROR(CheckAlgorithm(*x509, chain.algorithm));
    RETURN_IF_ERROR(CheckAuthority(*x509));
    intermediates.push_back(std::move(x509));
  }
  return intermediates;
}

// leaf, every intermediate in the order given, one anchor: no certificate may
// ride along that nothing depends on (formats.md 8.1).
absl::Status CheckPath(X509_STORE_CTX* ctx,
                       const std::vector<X509Ptr>& intermediates) {
  STACK_OF(X509)* const path = X509_STORE_CTX_get0_chain(ctx);
  const size_t size = static_cast<size_t>(sk_X509_num(path));
  if (size != intermediates.size() + 2) {
    return Refused("a certificate that the chain does not need");
  }
  for (size_t i = 0; i < intermediates.size(); ++i) {
    const X509* const step = sk_X509_value(path, static_cast<int>(i + 1));
    if (X509_cmp(step, intermediates[i].get()) != 0) {
      return Refused("certificates out of order");
    }
  }
  return absl::OkStatus();
}

absl::Status VerifyPath(X509& leaf, const std::vector<X509Ptr>& intermediates,
                        X509_STORE& anchors, int64_t at_unix_s) {
  const StackPtr untrusted(sk_X509_new_null());
  const StoreCtxPtr ctx(X509_STORE_CTX_new());
  if (untrusted == nullptr || ctx == nullptr) {
    return OpenSslFailure("making a verification context");
  }
  for (const X509Ptr& x509 : intermediates) {
    if (sk_X509_push(untrusted.get(), x509.get()) <= 0) {
      return OpenSslFailure("collecting certificates");
    }
  }
  if (X509_STORE_CTX_init(ctx.get(), &anchors, &leaf, untrusted.get()) != 1) {
    return OpenSslFailure("starting a chain");
  }
  X509_VERIFY_PARAM* const param = X509_STORE_CTX_get0_param(ctx.get());
  X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(at_unix_s));
  X509_VERIFY_PARAM_set_depth(param, limits::kCertificatesPerChain);
  // Algorithms are fixed above; OpenSSL's levels do not know SM3.
  X509_VERIFY_PARAM_set_auth_level(param, 0);
  X509_VERIFY_PARAM_set_flags(
      param, X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
  if (X509_verify_cert(ctx.get()) != 1) {
    return Refused(
        X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx.get())));
  }
  return CheckPath(ctx.get(), intermediates);
}

}  // namespace

absl::StatusOr<PublicKey> VerifyChain(const ChainToVerify& chain) {
  const ErrorQueueCleaner cleaner;
  if (chain.algorithm != Algorithm::kSm2 &&
      chain.algorithm != Algorithm::kP256) {
    return absl::InvalidArgumentError("certificates are SM2 or P-256 only");
  }
  ASSIGN_OR_RETURN(const X509Ptr leaf, ReadX509(hash::AsBytes(chain.leaf_der)));
  RETURN_IF_ERROR(CheckAlgorithm(*leaf, chain.algorithm));
  RETURN_IF_ERROR(CheckLeaf(*leaf));
  ASSIGN_OR_RETURN(const auto intermediates, ReadIntermediates(chain));
  ASSIGN_OR_RETURN(const StorePtr anchors, AnchorStore(chain));
  RETURN_IF_ERROR(VerifyPath(*leaf, intermediates, *anchors, chain.at_unix_s));
  return PublicKeyOf(*leaf);
}

}  // namespace dataip::crypto
