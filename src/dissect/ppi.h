/* Reads the Per-Packet Information header (PPI 1.0.10), which may stand in front of a frame of any
 * radio: its fields one by one for whoever knows them, and all of those that belong to 802.11.
 * Input is the captured bytes, output facts. */
#ifndef NORN_DISSECT_PPI_H
#define NORN_DISSECT_PPI_H

#include "dissect/radio.h"
#include "util/bytes.h"

/* A PPI header that is being read. */
struct ppi {
    struct reader fields; /* not read yet */
    uint32_t link_type;   /* of the frame behind the header, LINKTYPE_ value */
    uint16_t header_length;
    bool is_aligned;
    enum malformed malformed;
};

/* Begins with a header. 0, or -EBADMSG with ret_ppi->malformed when its end cannot be found. */
int ppi_open(const uint8_t *data, uint32_t length, struct ppi *ret_ppi);

/* The next field; false at the end or, with ppi->malformed, where a field runs past the header. */
bool ppi_next(struct ppi *ppi, uint16_t *ret_type, struct reader *ret_field);

/* Fills `radio` (zeroed by the caller) with the facts of a header before an 802.11 frame and its
 * header_length; called by radio_parse() only. 0, -EOPNOTSUPP for another kind of frame, or
 * -EBADMSG with radio->malformed when the header's end cannot be found. */
int ppi_parse(const uint8_t *data, uint32_t length, struct radio *radio);

#endif
