/* Three rings of places, each filled by means of the one before. See location_cloud.h. */
#include "schema/location_cloud.h"

#include <string.h>

enum { FIRST_CAPACITY = 8 };

static struct location_sample *sample_at(const struct location_level *level, uint32_t index)
{
    return &level->samples[(level->first + index) % LOCATION_CLOUD_SAMPLES];
}

/* Room for one more in a level that is not full yet. False without memory. */
static bool grow(struct location_level *level, struct pool *pool)
{
    uint16_t wanted = level->capacity ? level->capacity * 2 : FIRST_CAPACITY;
    if (level->count < level->capacity)
        return true;
    if (wanted > LOCATION_CLOUD_SAMPLES)
        wanted = LOCATION_CLOUD_SAMPLES;
    struct location_sample *moved = pool_new(pool, wanted * sizeof *moved);
    if (!moved)
        return false;
    if (level->count)
        memcpy(moved, level->samples, level->count * sizeof *moved);
    pool_free(pool, level->samples, level->capacity * sizeof *moved);
    level->samples = moved;
    level->capacity = wanted;
    return true;
}

/* The mean of a full level; channel and time are the newest's. */
static struct location_sample mean_of(const struct location_level *level)
{
    struct location_sample mean = *sample_at(level, LOCATION_CLOUD_SAMPLES - 1);
    struct location_vector sum = {0}, direction = {0};
    double altitude = 0, speed = 0;
    int32_t signal = 0, signals = 0;
    for (uint32_t i = 0; i < LOCATION_CLOUD_SAMPLES; i++) {
        const struct location_sample *sample = sample_at(level, i);
        location_add_point(&sum, sample->point, 1);
        location_add_point(&direction, (struct point){.longitude = sample->heading}, 1);
        altitude += sample->altitude;
        speed += sample->speed;
        signal += sample->signal;
        signals += sample->signal != 0;
    }
    double heading = location_mean_point(&direction).longitude;
    mean.point = location_mean_point(&sum);
    mean.altitude = (float)(altitude / LOCATION_CLOUD_SAMPLES);
    mean.speed = (float)(speed / LOCATION_CLOUD_SAMPLES);
    mean.signal = signals ? signal / signals : 0;
    mean.heading = (float)(heading < 0 ? heading + 360 : heading);
    return mean;
}

void location_cloud_add(struct location_cloud *cloud, struct pool *pool,
                        const struct location_sample *sample)
{
    struct location_sample next = *sample;
    for (int i = 0; i < LOCATION_CLOUD_LEVELS; i++) {
        struct location_level *level = &cloud->levels[i];
        if (level->count == LOCATION_CLOUD_SAMPLES)
            level->first = (level->first + 1) % LOCATION_CLOUD_SAMPLES;
        else if (grow(level, pool))
            level->count++;
        else
            return;
        *sample_at(level, level->count - 1u) = next;
        if (++level->due < LOCATION_CLOUD_SAMPLES)
            return;
        level->due = 0;
        next = mean_of(level);
    }
}

void location_cloud_done(struct location_cloud *cloud, struct pool *pool)
{
    for (int i = 0; i < LOCATION_CLOUD_LEVELS; i++) {
        struct location_level *level = &cloud->levels[i];
        pool_free(pool, level->samples, level->capacity * sizeof *level->samples);
    }
    memset(cloud, 0, sizeof *cloud);
}

static bool next_of(const struct location_level *level, struct cursor *cursor)
{
    if (cursor->index >= level->count)
        return false;
    cursor->element =
        (struct value){.type = FIELD_RECORD, .record = sample_at(level, (uint32_t)cursor->index++)};
    return true;
}

static bool next_sample(const void *record, struct view *view, struct cursor *cursor)
{
    return next_of(&((const struct location_cloud *)record)->levels[0], cursor);
}

static bool next_hundred(const void *record, struct view *view, struct cursor *cursor)
{
    return next_of(&((const struct location_cloud *)record)->levels[1], cursor);
}

static bool next_myriad(const void *record, struct view *view, struct cursor *cursor)
{
    return next_of(&((const struct location_cloud *)record)->levels[2], cursor);
}

static void get_newest(const void *record, struct view *view, struct value *ret)
{
    const struct location_level *level = &((const struct location_cloud *)record)->levels[0];
    ret->natural = level->count ? sample_at(level, level->count - 1u)->seconds : 0;
}

// clang-format off
#define SAMPLE(wire, kind, member, text) FIELD("kismet.historic.location." wire, kind, struct location_sample, member, text)
#define SAMPLES(wire, walk, text) \
    {.name = "kis.gps.rrd." wire, .type = FIELD_LIST, .element = FIELD_RECORD, .record = &location_sample_type, .next = (walk), .description = (text)}

static const struct field location_sample_fields[] = {
    SAMPLE("geopoint", FIELD_POINT, point, "longitude and latitude in degrees"),
    SAMPLE("alt", FIELD_FLOAT, altitude, "altitude in metres"),
    SAMPLE("speed", FIELD_FLOAT, speed, "speed in km/h"),
    SAMPLE("heading", FIELD_FLOAT, heading, "heading in degrees from true north"),
    SAMPLE("signal", FIELD_INT32, signal, "signal of the device there, dBm; 0 where it is not known"),
    SAMPLE("time_sec", FIELD_UINT32, seconds, "when it was heard there, seconds"),
    SAMPLE("frequency", FIELD_UINT32, frequency, "frequency it was heard on, kHz"),
};

static const struct field location_cloud_fields[] = {
    SAMPLES("samples_100", next_sample, "newest hundred places, oldest first, one a second at most"),
    SAMPLES("samples_10k", next_hundred, "newest hundred means of a hundred places each"),
    SAMPLES("samples_1m", next_myriad, "newest hundred means of ten thousand places each"),
    {.name = "kis.gps.rrd.last_sample_ts", .type = FIELD_UINT64, .get = get_newest, .description = "time of the newest place, seconds"},
};

const struct record_type location_sample_type = RECORD_TYPE("place of the past", location_sample_fields);
const struct record_type location_cloud_type = RECORD_TYPE("places of the past", location_cloud_fields);
