#pragma once

/* Quality of service as it passes through WSAConnect and WSAAccept. */

#include "types.h"

typedef ULONG SERVICETYPE;

#define SERVICETYPE_NOTRAFFIC 0x00000000
#define SERVICETYPE_BESTEFFORT 0x00000001
#define SERVICETYPE_CONTROLLEDLOAD 0x00000002
#define SERVICETYPE_GUARANTEED 0x00000003
#define SERVICETYPE_NETWORK_UNAVAILABLE 0x00000004
#define SERVICETYPE_GENERAL_INFORMATION 0x00000005
#define SERVICETYPE_NOCHANGE 0x00000006
#define SERVICETYPE_NONCONFORMING 0x00000009
#define SERVICETYPE_NETWORK_CONTROL 0x0000000a
#define SERVICETYPE_QUALITATIVE 0x0000000d

#define QOS_NOT_SPECIFIED 0xffffffffu

typedef struct _flowspec {
  ULONG TokenRate;       /* octets a second */
  ULONG TokenBucketSize; /* octets */
  ULONG PeakBandwidth;   /* octets a second */
  ULONG Latency;         /* microseconds */
  ULONG DelayVariation;  /* microseconds */
  SERVICETYPE ServiceType;
  ULONG MaxSduSize;         /* octets */
  ULONG MinimumPolicedSize; /* octets */
} FLOWSPEC, *PFLOWSPEC, *LPFLOWSPEC;

typedef struct _QualityOfService {
  FLOWSPEC SendingFlowspec;
  FLOWSPEC ReceivingFlowspec;
  WSABUF ProviderSpecific;
} QOS, *LPQOS;
